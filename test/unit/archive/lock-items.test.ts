import { expect, test } from "vitest";
import { lockItems } from "../../../src/archive/lock-items.ts";
import type { LockedArchive, LockedPackage } from "../../../src/lock/lock.ts";
import { smallLock } from "../../support/project.ts";

const debian = { bases: ["/debian"] };
const everything = (): boolean => true;
const [first] = smallLock.roots.build?.packages ?? [];
if (first === undefined) throw new Error("the small lock has no package");
const make: LockedPackage = first;
const git = {
  type: "git",
  version: "1",
  url: "https://a.example/r",
  commit: "c".repeat(40),
  tree: "d".repeat(64),
} as const;

test("Debian's files lie as in a Debian mirror, and say who asks for them", () => {
  expect(
    lockItems(smallLock, debian, everything).map(({ path, kind, for: why }) => [path, kind, why]),
  ).toEqual([
    ["pool/main/l/lib/lib_1.0.orig.tar.gz", "source", ["source lib/main"]],
    ["pool/main/m/make-dfsg/make_4.4.1-1_amd64.deb", "package", ["root build"]],
  ]);
});

test("a package of two roots is there once, for both", () => {
  const root = { recipe: "a".repeat(64), archiveTime: 1, packages: [make] };
  const items = lockItems({ ...smallLock, sources: {}, roots: { a: root, b: root } }, debian, everything);
  expect(items).toHaveLength(1);
  expect(items[0]?.for).toEqual(["root a", "root b"]);
});

test("other bytes under a name that is taken lie below their digest", () => {
  const other = { ...make, sha256: "1".repeat(64) };
  const root = { recipe: "a".repeat(64), archiveTime: 1, packages: [make, other] };
  const paths = lockItems({ ...smallLock, sources: {}, roots: { a: root } }, debian, everything).map(
    ({ path }) => path,
  );
  expect(paths).toEqual([make.pool, `sources/${"1".repeat(64)}/make_4.4.1-1_amd64.deb`]);
});

test("a source without a place in Debian lies below its digest, a commit as one pack", () => {
  const inDebian = smallLock.sources["lib/main"] as LockedArchive;
  const archive: LockedArchive = { ...inDebian };
  delete archive.pool;
  const sources = { "x/main": archive, "y/main": git, "z/main": git };
  const items = lockItems({ ...smallLock, sources, roots: {} }, debian, everything);
  expect(items.map(({ path, for: why }) => [path, why])).toEqual([
    [`sources/${archive.sha256}/lib_1.0.orig.tar.gz`, ["source x/main"]],
    [`git/${git.commit}.pack`, ["source y/main", "source z/main"]],
  ]);
});

test("only what is chosen is there, by the name of a component, a source or a root", () => {
  const choose =
    (...wanted: string[]) =>
    (...names: readonly string[]): boolean =>
      names.some((name) => wanted.includes(name));
  const kinds = (...wanted: string[]): string[] =>
    lockItems(smallLock, debian, choose(...wanted)).map(({ kind }) => kind);
  expect(kinds("lib")).toEqual(["source"]);
  expect(kinds("lib/main")).toEqual(["source"]);
  expect(kinds("build")).toEqual(["package"]);
  expect(kinds("other")).toEqual([]);
});
