import { expect, test } from "vitest";
import { lockItems } from "../../../src/archive/lock-items.ts";
import type { Lock, LockedPackage } from "../../../src/lock/lock.ts";
import { smallLock } from "../../support/project.ts";

const debian = { bases: ["/debian"] };
const everything = (): boolean => true;
const make = smallLock.roots.build?.packages[0] as LockedPackage;
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
  const { pool: _, ...archive } = smallLock.sources["lib/main"] as Extract<
    Lock["sources"][string],
    { type: "archive" }
  >;
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
