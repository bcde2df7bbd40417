import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeMirror, type MirrorReport } from "../../../src/archive/make-mirror.ts";
import { verifyMirror } from "../../../src/archive/verify-mirror.ts";
import type { Result } from "../../../src/failure/result.ts";
import { downloadPath } from "../../../src/fetch/downloads.ts";
import { temporaryFolder, writeFiles } from "../../support/project.ts";
import { startFileServer, truncated, whole, type FileServer } from "../fetch/file-server.ts";
import { context, inCache, packageItem, request, sha256Of, wantedFile } from "./small-mirror.ts";

async function server(): Promise<FileServer> {
  const started = await startFileServer();
  onTestFinished(() => started.close());
  return started;
}

function made(result: Result<MirrorReport>): MirrorReport {
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
}

const ways = ({ files }: MirrorReport): Record<string, string> =>
  Object.fromEntries(files.map(({ path, how }) => [path.split("/").at(-1) ?? "", how]));

const faultsOf = async (folder: string): Promise<string[]> => {
  const verdict = await verifyMirror(folder, new AbortController().signal);
  if (!verdict.ok) throw new Error(JSON.stringify(verdict.failures));
  return verdict.value.faults.map(({ kind, path }) => `${kind} ${path}`);
};

test("what the cache has is shared, what it has not is downloaded; sha256sum agrees, and nothing is done twice", async () => {
  const [cache, folder] = [temporaryFolder(), join(temporaryFolder(), "mirror")];
  const upstream = await server();
  upstream.on("/b", whole(Buffer.from("bytes of b")));
  inCache(cache, "bytes of a");
  const items = [
    packageItem(wantedFile("a.deb", "bytes of a")),
    packageItem(wantedFile("b.deb", "bytes of b", `${upstream.base}/b`)),
  ];
  const first = made(await makeMirror(request(folder, items), context(cache)));
  expect(first).toMatchObject({ complete: true, failures: [] });
  expect(["linked", "cloned", "copied"]).toContain(ways(first)["a.deb"]);
  expect(execFileSync("sha256sum", ["-c", "SHA256SUMS"], { cwd: folder }).toString()).toBe(
    "index.json: OK\npool/main/x/a.deb: OK\npool/main/x/b.deb: OK\n",
  );
  const before = upstream.requests.length;
  const second = made(await makeMirror(request(folder, items), context(temporaryFolder())));
  expect(ways(second)).toEqual({ "a.deb": "kept", "b.deb": "kept" });
  expect(upstream.requests).toHaveLength(before);
  expect(readdirSync(folder).sort()).toEqual(["SHA256SUMS", "index.json", "pool"]);
  expect(await faultsOf(folder)).toEqual([]);
});

test("--copy shares no file with the cache", async () => {
  const [cache, folder] = [temporaryFolder(), temporaryFolder()];
  const path = inCache(cache, "a");
  made(
    await makeMirror(
      request(folder, [packageItem(wantedFile("a.deb", "a"))], { copy: true }),
      context(cache),
    ),
  );
  expect(statSync(join(folder, "pool/main/x/a.deb")).ino).not.toBe(statSync(path).ino);
});

test("one file that is nowhere does not keep the others away; the next run goes on", async () => {
  const [cache, folder] = [temporaryFolder(), temporaryFolder()];
  const upstream = await server();
  inCache(cache, "a");
  const items = [
    packageItem(wantedFile("a.deb", "a")),
    packageItem(wantedFile("gone.deb", "gone", `${upstream.base}/gone`)),
  ];
  const first = made(await makeMirror(request(folder, items), context(cache)));
  expect(first.complete).toBe(false);
  expect(first.failures).toMatchObject([{ code: "NVLAB_DOWNLOAD" }]);
  expect(existsSync(join(folder, "pool/main/x/a.deb"))).toBe(true);
  upstream.on("/gone", truncated(Buffer.from("gone"), 2), whole(Buffer.from("gone")));
  const second = made(await makeMirror(request(folder, items), context(cache)));
  expect(second).toMatchObject({ complete: true, failures: [] });
  expect(ways(second)["a.deb"]).toBe("kept");
});

test("altered bytes in the mirror are replaced, also where the cache shares them", async () => {
  const [cache, folder] = [temporaryFolder(), temporaryFolder()];
  const upstream = await server();
  upstream.on("/a", whole(Buffer.from("right")));
  inCache(cache, "right");
  const items = [packageItem(wantedFile("a.deb", "right", `${upstream.base}/a`))];
  made(await makeMirror(request(folder, items), context(cache)));
  const path = join(folder, "pool/main/x/a.deb");
  // As an editor in place does it: the same file, so the cache's copy has other bytes too where it was linked.
  execFileSync("chmod", ["u+w", path]);
  writeFileSync(path, "wrong");
  writeFileSync(downloadPath(cache, sha256Of("right")), "wrong");
  expect(await faultsOf(folder)).toEqual(["altered pool/main/x/a.deb"]);
  const again = made(await makeMirror(request(folder, items), context(cache)));
  expect(again).toMatchObject({ complete: true, failures: [], mended: ["pool/main/x/a.deb"] });
  expect(readFileSync(path, "utf8")).toBe("right");
  expect(readdirSync(join(cache, "downloads", "rejected"))).toHaveLength(1);
});

test("every fault is reported: missing, cut, altered, linked, too many, and other checksums", async () => {
  const [cache, folder] = [temporaryFolder(), temporaryFolder()];
  const names = ["altered", "cut", "linked", "missing"];
  for (const name of names) inCache(cache, name);
  const items = names.map((name) => packageItem(wantedFile(name, name)));
  made(await makeMirror(request(folder, items, { copy: true }), context(cache)));
  const at = (name: string): string => join(folder, "pool/main/x", name);
  writeFileSync(at("altered"), "ALTERED");
  writeFileSync(at("cut"), "cu");
  rmSync(at("linked"));
  symlinkSync(downloadPath(cache, sha256Of("linked")), at("linked"));
  rmSync(at("missing"));
  writeFileSync(join(folder, "extra"), "");
  symlinkSync("/etc", join(folder, "etc"));
  writeFileSync(join(folder, "SHA256SUMS"), "");
  expect((await faultsOf(folder)).sort()).toEqual([
    "altered pool/main/x/altered",
    "checksums SHA256SUMS",
    "extra extra",
    "link etc",
    "link pool/main/x/linked",
    "missing pool/main/x/missing",
    "size pool/main/x/cut",
  ]);
});

test("a folder of something else, and a mirror of another lock, are left as they are", async () => {
  const cache = temporaryFolder();
  inCache(cache, "a");
  const items = [packageItem(wantedFile("a.deb", "a"))];
  const other = temporaryFolder({ "letter.txt": "dear" });
  expect(await makeMirror(request(other, items), context(cache))).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_MIRROR" }],
  });
  expect(readdirSync(other)).toEqual(["letter.txt"]);
  const folder = temporaryFolder();
  made(await makeMirror(request(folder, items), context(cache)));
  expect(await makeMirror(request(folder, items, { lock: "2".repeat(64) }), context(cache))).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_MIRROR", hint: expect.stringContaining("--update") as string }],
  });
});

test("--update keeps what another lock named, --prune removes it and empty folders", async () => {
  const [cache, folder] = [temporaryFolder(), temporaryFolder()];
  inCache(cache, "old");
  inCache(cache, "new");
  const old = { ...packageItem(wantedFile("old.deb", "old")), path: "pool/main/o/old/old.deb" };
  const fresh = packageItem(wantedFile("new.deb", "new"));
  made(await makeMirror(request(folder, [old]), context(cache)));
  const lock = "2".repeat(64);
  const updated = made(await makeMirror(request(folder, [fresh], { lock, mode: "update" }), context(cache)));
  expect(ways(updated)).toMatchObject({ "old.deb": "kept" });
  expect(await faultsOf(folder)).toEqual([]);
  const pruned = made(await makeMirror(request(folder, [fresh], { lock, mode: "prune" }), context(cache)));
  expect(pruned.removed).toEqual(["pool/main/o/old/old.deb"]);
  expect(existsSync(join(folder, "pool/main/o"))).toBe(false);
  expect(await faultsOf(folder)).toEqual([]);
});

test("a link in the mirror's own folders is not written through", async () => {
  const [cache, folder, outside] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  inCache(cache, "a");
  made(await makeMirror(request(folder, []), context(cache)));
  symlinkSync(outside, join(folder, "pool"));
  const report = made(
    await makeMirror(request(folder, [packageItem(wantedFile("a.deb", "a"))]), context(cache)),
  );
  expect(report.failures).toMatchObject([{ code: "NVLAB_OUT" }]);
  expect(readdirSync(outside)).toEqual([]);
});

test("an interrupted run leaves nothing half written, and can be gone on with", async () => {
  const [cache, folder] = [temporaryFolder(), temporaryFolder()];
  const upstream = await server();
  const stop = new AbortController();
  upstream.on("/slow", (_, response) => {
    response.writeHead(200, { "content-length": 4 });
    response.write("sl");
    stop.abort();
  });
  inCache(cache, "a");
  const items = [
    packageItem(wantedFile("slow.deb", "slow", `${upstream.base}/slow`)),
    packageItem(wantedFile("a.deb", "a")),
  ];
  const result = await makeMirror(request(folder, items), context(cache, { signal: stop.signal }));
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_INTERRUPTED" }] });
  upstream.on("/slow", whole(Buffer.from("slow")));
  expect(made(await makeMirror(request(folder, items), context(cache))).complete).toBe(true);
  expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
});

test("a folder that is no mirror cannot be verified", async () => {
  const folder = temporaryFolder();
  writeFiles(folder, { "index.json": "{}" });
  expect(await verifyMirror(folder, new AbortController().signal)).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_MIRROR" }],
  });
});

test("a file where the mirror's folder should be is no mirror, and stays", async () => {
  const folder = temporaryFolder({ file: "dear" });
  const result = await makeMirror(request(join(folder, "file"), []), context(temporaryFolder()));
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_MIRROR" }] });
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("dear");
});
