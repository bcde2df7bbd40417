import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeMirror } from "../../../src/archive/make-mirror.ts";
import type { MirrorItem } from "../../../src/archive/mirror-item.ts";
import { renderMirror } from "../../../src/archive/mirror-state.ts";
import { downloadPath } from "../../../src/fetch/downloads.ts";
import { downloadFiles } from "../../../src/fetch/fetch-files.ts";
import { checkoutGit, fetchGit } from "../../../src/fetch/git-tree.ts";
import type { MirrorFile } from "../../../src/fetch/mirror-index.ts";
import { resolveGit } from "../../../src/root/resolve-git.ts";
import { temporaryFolder, writeFiles } from "../../support/project.ts";
import { serveFolder, type StaticServer } from "../../support/static-server.ts";
import { startFileServer } from "../fetch/file-server.ts";
import { context, inCache, lockOne, packageItem, request, sha256Of, wantedFile } from "./small-mirror.ts";

async function serve(folder: string): Promise<StaticServer> {
  const server = await serveFolder(folder);
  onTestFinished(() => server.close());
  return server;
}

/** A place that must never be asked. */
const elsewhere = "http://127.0.0.1:9/elsewhere";

async function mirrorOf(...contents: string[]): Promise<string> {
  const [cache, folder] = [temporaryFolder(), temporaryFolder()];
  for (const content of contents) inCache(cache, content);
  const items = contents.map((content) => packageItem(wantedFile(`${content}.deb`, content)));
  const made = await makeMirror(request(folder, items), context(cache));
  expect(made).toMatchObject({ ok: true, value: { complete: true } });
  return folder;
}

test.each(["a path", "an address"])("files come from a mirror at %s, and from nowhere else", async (kind) => {
  const folder = await mirrorOf("one", "two");
  const server = await serve(folder);
  const cache = temporaryFolder();
  const mirrors = [kind === "a path" ? folder : server.base];
  const files = ["one", "two"].map((name) => wantedFile(`${name}.deb`, name, elsewhere));
  expect(await downloadFiles(files, context(cache, { mirrors }))).toEqual({ failures: [], gone: [] });
  expect(readFileSync(downloadPath(cache, sha256Of("two")), "utf8")).toBe("two");
  expect(server.asked.length > 0).toBe(kind === "an address");
});

test("a mirror at a path is asked with --offline too, one at an address is not", async () => {
  const folder = await mirrorOf("one");
  const server = await serve(folder);
  const file = wantedFile("one.deb", "one", elsewhere);
  const offline = (...mirrors: string[]) =>
    downloadFiles([file], context(temporaryFolder(), { mirrors, offline: true }));
  expect((await offline(folder)).failures).toEqual([]);
  expect((await offline(server.base)).failures).toMatchObject([{ code: "NVLAB_MIRROR" }]);
  expect(server.asked).toEqual([]);
});

test("a file that a mirror lacks is named, is no reason to lock anew, and does not keep others away", async () => {
  const folder = await mirrorOf("one");
  const cache = temporaryFolder();
  const files = [wantedFile("lacking.deb", "lacking", elsewhere), wantedFile("one.deb", "one", elsewhere)];
  const { failures, gone } = await downloadFiles(files, context(cache, { mirrors: [folder] }));
  expect(gone).toEqual([]);
  expect(failures).toMatchObject([
    {
      code: "NVLAB_MIRROR",
      message: expect.stringContaining("lacking.deb") as string,
      details: [`${folder}: its index does not name it`],
    },
  ]);
  expect(existsSync(downloadPath(cache, sha256Of("one")))).toBe(true);
});

test("the second mirror gives what the first one lacks or has with other bytes", async () => {
  const [first, second] = [await mirrorOf("one", "two"), await mirrorOf("two", "three", "one")];
  rmSync(join(first, "pool/main/x/one.deb"));
  writeFileSync(join(first, "pool/main/x/one.deb"), "eno");
  const files = ["one", "two", "three"].map((name) => wantedFile(`${name}.deb`, name));
  const cache = temporaryFolder();
  expect((await downloadFiles(files, context(cache, { mirrors: [first, second] }))).failures).toEqual([]);
});

test.each(["a path", "an address"])(
  "wrong bytes of a mirror at %s are refused, set aside and told",
  async (kind) => {
    const folder = await mirrorOf("one");
    rmSync(join(folder, "pool/main/x/one.deb"));
    writeFileSync(join(folder, "pool/main/x/one.deb"), "eno");
    const mirrors = [kind === "a path" ? folder : (await serve(folder)).base];
    const cache = temporaryFolder();
    const { failures } = await downloadFiles([wantedFile("one.deb", "one")], context(cache, { mirrors }));
    expect(failures).toMatchObject([
      { code: "NVLAB_DIGEST", details: [expect.stringContaining("other bytes")] },
    ]);
    expect(existsSync(downloadPath(cache, sha256Of("one")))).toBe(false);
  },
);

test("a link that leads out of a mirror is not followed, one inside is", async () => {
  const folder = await mirrorOf("one", "two");
  const outside = temporaryFolder({ "one.deb": "one" });
  rmSync(join(folder, "pool/main/x/one.deb"));
  symlinkSync(join(outside, "one.deb"), join(folder, "pool/main/x/one.deb"));
  writeFiles(folder, { "real/two.deb": "two" });
  rmSync(join(folder, "pool/main/x/two.deb"));
  symlinkSync("../../../real/two.deb", join(folder, "pool/main/x/two.deb"));
  const files = ["one", "two"].map((name) => wantedFile(`${name}.deb`, name));
  const cache = temporaryFolder();
  const { failures } = await downloadFiles(files, context(cache, { mirrors: [folder] }));
  expect(failures).toMatchObject([
    { code: "NVLAB_MIRROR", details: [expect.stringContaining("a link that leads out of the mirror")] },
  ]);
  expect(existsSync(downloadPath(cache, sha256Of("two")))).toBe(true);
});

test("an index whose paths lead out of the mirror is refused before anything is read", async () => {
  const outside = temporaryFolder({ secret: "one" });
  const folder = join(outside, "mirror");
  const file: MirrorFile = { path: "../secret", kind: "package", size: 3, sha256: sha256Of("one"), for: [] };
  writeFiles(folder, { "index.json": renderMirror(lockOne, true, [file]).index });
  const { failures } = await downloadFiles(
    [wantedFile("one.deb", "one")],
    context(temporaryFolder(), { mirrors: [folder] }),
  );
  expect(failures).toMatchObject([
    { code: "NVLAB_MIRROR", message: expect.stringContaining("index.json is wrong") as string },
  ]);
});

test("a folder without an index, and an address that does not answer, are no mirrors", async () => {
  const { failures } = await downloadFiles(
    [wantedFile("one.deb", "one", elsewhere)],
    context(temporaryFolder(), { mirrors: [temporaryFolder(), "http://127.0.0.1:9"] }),
  );
  expect(failures.map(({ code }) => code)).toEqual(["NVLAB_MIRROR", "NVLAB_MIRROR"]);
});

test("a mirror that redirects to another host is not followed there", async () => {
  const folder = await mirrorOf("one");
  const other = await serve(folder);
  const lying = await startFileServer();
  onTestFinished(() => lying.close());
  const redirect = (path: string): void => {
    lying.on(path, (_, response) => {
      response.writeHead(302, { location: `${other.base}${path}` }).end();
    });
  };
  redirect("/index.json");
  const files = [wantedFile("one.deb", "one")];
  const first = await downloadFiles(files, context(temporaryFolder(), { mirrors: [lying.base] }));
  expect(first.failures).toMatchObject([
    { code: "NVLAB_MIRROR", message: expect.stringContaining("302") as string },
  ]);
  lying.on("/index.json", (_, response) => response.end(readFileSync(join(folder, "index.json"))));
  redirect("/pool/main/x/one.deb");
  const second = await downloadFiles(files, context(temporaryFolder(), { mirrors: [lying.base] }));
  expect(second.failures).toMatchObject([
    { code: "NVLAB_MIRROR", details: [expect.stringContaining("302")] },
  ]);
  expect(other.asked).toEqual([]);
});

test("a commit is mirrored without its history, comes back with its tree, and is packed the same twice", async () => {
  const upstream = temporaryFolder();
  const git = (...args: string[]): string =>
    execFileSync("git", ["-C", upstream, "-c", "user.name=x", "-c", "user.email=x@example.org", ...args])
      .toString()
      .trim();
  git("init", "--quiet");
  writeFiles(upstream, { "old.txt": "history\n" });
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  rmSync(join(upstream, "old.txt"));
  writeFiles(upstream, { "a/b.c": "int x;\n", ".gitattributes": "a export-ignore\n", empty: "" });
  git("add", "-A");
  git("commit", "--quiet", "-m", "two");
  const commit = git("rev-parse", "HEAD");
  const cache = temporaryFolder();
  const locked = await resolveGit({ url: upstream, commit }, "1", context(cache));
  if (!locked.ok) throw new Error(JSON.stringify(locked.failures));
  const item: MirrorItem = {
    path: `git/${commit}.pack`,
    kind: "git",
    for: ["source x/main"],
    origin: { type: "git", locked: locked.value },
  };
  const [folder, twin] = [temporaryFolder(), temporaryFolder()];
  for (const each of [folder, twin])
    expect(await makeMirror(request(each, [item]), context(cache))).toMatchObject({
      ok: true,
      value: { complete: true },
    });
  expect(readFileSync(join(folder, item.path)).equals(readFileSync(join(twin, item.path)))).toBe(true);
  rmSync(upstream, { recursive: true });

  const fresh = context(temporaryFolder(), { mirrors: [(await serve(folder)).base] });
  const repository = await fetchGit(locked.value, fresh);
  if (!repository.ok) throw new Error(JSON.stringify(repository.failures));
  const tree = temporaryFolder();
  mkdirSync(join(fresh.cacheDir, "tmp"), { recursive: true });
  expect((await checkoutGit(repository.value, commit, tree, fresh)).ok).toBe(true);
  expect(readFileSync(join(tree, "a/b.c"), "utf8")).toBe("int x;\n");
  expect(
    execFileSync("git", ["--git-dir", repository.value, "fsck", "--full", "--no-dangling"]).toString(),
  ).toBe("");

  const lacking = await fetchGit({ ...locked.value, commit: "e".repeat(40) }, fresh);
  expect(lacking).toMatchObject({ ok: false, failures: [{ code: "NVLAB_MIRROR" }] });
  const other = await fetchGit(
    { ...locked.value, tree: "0".repeat(64) },
    context(temporaryFolder(), { mirrors: [folder] }),
  );
  expect(other).toMatchObject({ ok: false, failures: [{ code: "NVLAB_DIGEST" }] });
});
