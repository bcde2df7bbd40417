import { appendFileSync, copyFileSync, cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leakyProject, type Leaky } from "../../support/leaky.ts";

let project: Leaky;
let release: string;
beforeAll(async () => {
  project = leakyProject("", { time: "echo no time", home: "echo no home" });
  const built = await project.run("build");
  expect(built.status, built.stderr).toBe(0);
  release = join(project.folder, "release");
  cpSync(join(project.folder, "out/board"), release, { recursive: true });
  copyFileSync(join(project.folder, "nvlab.lock"), join(project.folder, "kept.lock"));
});
afterAll(() => {
  project.close();
});

const from = (path: string, ...more: string[]) =>
  project.run("--lock", join(project.folder, "kept.lock"), "reproduce", "--from", path, ...more);

test("a release is rebuilt from its manifest and lock, found identical, and the statement says so", async () => {
  const statement = join(project.folder, "rebuild.intoto.json");
  const run = await from(release, "--statement", statement, "--rebuilder", "https://ci.example.org");
  expect(run.status, run.stdout + run.stderr).toBe(0);
  expect(run.stderr).toContain("identical");
  const { subject, predicate } = JSON.parse(readFileSync(statement, "utf8")) as {
    subject: { name: string }[];
    predicate: { result: string; rebuilder: { id: string }; variations: { state: string }[] };
  };
  expect(subject.map(({ name }) => name)).toEqual(["home", "time"]);
  expect(predicate).toMatchObject({ result: "identical", rebuilder: { id: "https://ci.example.org" } });
  expect(predicate.variations).toHaveLength(28);
});

test("a signed statement lies among the release's attestations and is by the given key", async () => {
  const made = await project.run("keygen", "--out", join(project.folder, "key"));
  expect(made.status, made.stderr).toBe(0);
  const run = await from(release, "--key", join(project.folder, "key.key"));
  expect(run.status, run.stdout + run.stderr).toBe(0);
  const [name = ""] = readdirSync(join(release, "attestations"));
  expect(name).toMatch(/^reproduce\.[0-9A-F]{16}\.dsse\.json$/);
  const envelope = JSON.parse(readFileSync(join(release, "attestations", name), "utf8")) as {
    payload: string;
  };
  expect(Buffer.from(envelope.payload, "base64").toString()).toContain('"result": "identical"');
});

test("a manifest alone is enough to compare with its digests", async () => {
  const alone = join(project.folder, "alone");
  cpSync(join(release, "manifest.json"), join(alone, "manifest.json"));
  const run = await from(join(alone, "manifest.json"), "--vary", "-all");
  expect(run.status, run.stderr).toBe(0);
});

test("a project that makes something else than the release is found out", async () => {
  const recipe = "recipes/components/leaky.yaml";
  const text = readFileSync(join(project.folder, recipe), "utf8");
  project.write({ [recipe]: text.replace("no time", "another time") });
  const run = await from(release, "--vary", "-all");
  project.write({ [recipe]: text });
  expect(run.status, run.stderr).toBe(1);
  expect(run.stdout).toMatch(/differs time \(made by leaky/);
  expect(run.stdout).not.toMatch(/differs home/);
});

test("an altered release, another lock and a missing manifest are no originals", async () => {
  const altered = join(project.folder, "altered");
  cpSync(release, altered, { recursive: true });
  appendFileSync(join(altered, "time"), "x");
  const run = await from(altered);
  expect(run.status).toBe(1);
  expect(run.stderr).toContain("NVLAB_REPRODUCE");
  project.write({
    "other.lock": readFileSync(join(project.folder, "kept.lock"), "utf8").replace(
      /"epoch": \d/,
      '"epoch": 2',
    ),
  });
  const other = await project.run(
    "--lock",
    join(project.folder, "other.lock"),
    "reproduce",
    "--from",
    release,
  );
  expect(other.stderr).toContain("NVLAB_LOCK");
  const none = await from(join(project.folder, "nowhere"));
  expect(none.stderr).toContain("NVLAB_FILE_MISSING");
});

test("nothing is left of rebuilds in the cache", () => {
  const cache = process.env.NVLAB_CACHE_DIR ?? "";
  const left = readdirSync(join(cache, "tmp")).filter((name) =>
    existsSync(join(cache, "tmp", name, "places")),
  );
  expect(left.filter((name) => !existsSync(`/proc/${name.split("-")[0] ?? ""}`))).toEqual([]);
});
