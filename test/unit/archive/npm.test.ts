import { expect, test } from "vitest";
import { npmItems, packageMetadata, tarballPath } from "../../../src/archive/npm-items.ts";
import { readPackageLock } from "../../../src/archive/npm-packages.ts";

const integrity = `sha512-${Buffer.alloc(64, 7).toString("base64")}`;
const lock = (packages: Record<string, unknown>): string =>
  JSON.stringify({ lockfileVersion: 3, packages: { "": { name: "own" }, ...packages } });
const read = (packages: Record<string, unknown>) => readPackageLock(lock(packages), "package-lock.json");

test("each tarball is read once, with what the lock repeats of it", () => {
  const result = read({
    "node_modules/b": { version: "2.0.0", integrity, bin: { b: "cli.js" }, dev: true },
    "node_modules/a/node_modules/b": { version: "2.0.0", integrity },
    "node_modules/@scope/a": { version: "1.0.0", integrity, dependencies: { b: "^2" } },
    "node_modules/alias": { name: "c", version: "3.0.0", integrity },
    "node_modules/linked": { link: true, resolved: "../linked" },
    "packages/workspace": { version: "1.0.0" },
  });
  expect(result.ok && result.value.map(({ name, version }) => `${name}@${version}`)).toEqual([
    "@scope/a@1.0.0",
    "b@2.0.0",
    "c@3.0.0",
  ]);
  expect(result.ok && result.value[0]?.facts).toEqual({ dependencies: { b: "^2" } });
});

test.each([
  [
    "a name that leads upwards",
    { "node_modules/x": { name: "../../x", version: "1.0.0", integrity } },
    "no registry",
  ],
  ["a version that is a path", { "node_modules/x": { version: "1/../../2", integrity } }, "no registry"],
  ["no digest", { "node_modules/x": { version: "1.0.0" } }, "no SHA-512"],
  ["only a weak digest", { "node_modules/x": { version: "1.0.0", integrity: "sha1-abcd" } }, "no SHA-512"],
  [
    "two digests of one version",
    {
      "node_modules/x": { version: "1.0.0", integrity },
      "node_modules/y/node_modules/x": {
        version: "1.0.0",
        integrity: `sha512-${Buffer.alloc(64, 8).toString("base64")}`,
      },
    },
    "two digests",
  ],
])("a lock with %s is refused", (_, packages, reason) => {
  const result = read(packages);
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_MIRROR" }] });
  expect(!result.ok && result.failures[0]?.message).toContain(reason);
});

test("a lock of an old npm, or none at all, is refused", () => {
  expect(readPackageLock('{"lockfileVersion":1,"dependencies":{}}', "l").ok).toBe(false);
  expect(readPackageLock("{", "l").ok).toBe(false);
});

test("tarballs and metadata lie where a registry has them", () => {
  const result = read({
    "node_modules/@scope/a": { version: "1.0.0", integrity, os: ["linux"] },
    "node_modules/b/node_modules/@scope/a": { version: "1.1.0", integrity },
  });
  if (!result.ok) throw new Error("unread");
  expect(npmItems(result.value).map(({ path }) => path)).toEqual([
    "npm/@scope/a/-/a-1.0.0.tgz",
    "npm/@scope/a/-/a-1.1.0.tgz",
    "npm/@scope/a/index.html",
  ]);
  const metadata = JSON.parse(packageMetadata("@scope/a", result.value)) as {
    versions: Record<string, { os?: string[]; dist: { tarball: string; integrity: string } }>;
  };
  expect(metadata.versions["1.0.0"]?.os).toEqual(["linux"]);
  const dist = metadata.versions["1.1.0"]?.dist;
  expect(dist?.integrity).toBe(integrity);
  expect(new URL(dist?.tarball ?? "").pathname).toBe(
    `/${result.value[1] === undefined ? "" : tarballPath(result.value[1])}`,
  );
});
