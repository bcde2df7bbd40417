import { expect, test } from "vitest";
import type { LockedPackage, LockedRoot } from "../../../src/lock/lock.ts";
import { rootDigest } from "../../../src/root/root-digest.ts";
import { rootWantedFiles, sourceWantedFile } from "../../../src/root/wanted-files.ts";

const entry = (name: string, letter: string): LockedPackage => ({
  name,
  version: "1:2-1",
  architecture: "amd64",
  suite: "trixie",
  source: name,
  sourceVersion: "2-1",
  pool: `pool/main/${name}.deb`,
  size: 3,
  sha256: letter.repeat(64),
});
const root = (...packages: LockedPackage[]): LockedRoot => ({
  recipe: "f".repeat(64),
  archiveTime: 86_400,
  packages,
});

test("a root's digest follows its packages and links, and not their order, names or suites", () => {
  const [a, b] = [entry("a", "a"), entry("b", "b")];
  const digest = rootDigest(root(a, b), { links: { "/x": "y", "/z": "y" } });
  expect(rootDigest(root({ ...b, suite: "other" }, a), { links: { "/z": "y", "/x": "y" } })).toBe(digest);
  expect(rootDigest(root(a), { links: { "/x": "y", "/z": "y" } })).not.toBe(digest);
  expect(rootDigest(root(a, b), { links: { "/x": "z", "/z": "y" } })).not.toBe(digest);
  expect(rootDigest(root(a, entry("b", "c")), { links: { "/x": "y", "/z": "y" } })).not.toBe(digest);
});

test("a package that was kept is asked of the snapshot archive at its own time", () => {
  const mirrors = { bases: ["https://m.example/debian"], snapshot: "https://s.example" };
  const [kept, usual] = rootWantedFiles(
    root({ ...entry("a", "a"), archiveTime: 0 }, entry("b", "b")),
    mirrors,
  );
  expect(kept?.places).toEqual([
    "https://m.example/debian/pool/main/a.deb",
    "https://s.example/archive/debian/19700101T000000Z/pool/main/a.deb",
  ]);
  expect(usual?.places[1]).toContain("/19700102T000000Z/");
  expect(usual?.name).toBe("b_1:2-1_amd64.deb");
});

test("a source is asked of the pool before the recipe's own places", () => {
  const locked = {
    type: "archive",
    version: "1",
    variant: 0,
    file: "x.tar",
    size: 1,
    sha256: "a".repeat(64),
  } as const;
  const urls = ["https://up.example/x.tar"];
  const mirrors = { bases: ["/srv/debian"] };
  expect(sourceWantedFile({ ...locked, urls, pool: "pool/x.tar", suite: "trixie" }, mirrors).places).toEqual([
    "/srv/debian/pool/x.tar",
    ...urls,
  ]);
  expect(sourceWantedFile({ ...locked, urls }, mirrors).places).toEqual(urls);
});
