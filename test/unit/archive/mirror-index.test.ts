import fc from "fast-check";
import { expect, test } from "vitest";
import { renderMirror } from "../../../src/archive/mirror-state.ts";
import { mirrorPlaces } from "../../../src/cli/environment.ts";
import { parseMirrorIndex, type MirrorFile } from "../../../src/fetch/mirror-index.ts";

const lock = "a".repeat(64);
const file = (path: string): MirrorFile => ({
  path,
  kind: "package",
  size: 1,
  sha256: "b".repeat(64),
  for: ["root build"],
});
const index = (...files: MirrorFile[]): string => renderMirror(lock, true, files).index;

test("what is written is read again, sorted whatever the order was", () => {
  const files = [file("pool/b"), file("pool/a_1~x+y.deb"), file("npm/@scope/x/-/x-1.tgz")];
  const parsed = parseMirrorIndex(index(...files));
  expect("index" in parsed && parsed.index.files.map(({ path }) => path)).toEqual([
    "npm/@scope/x/-/x-1.tgz",
    "pool/a_1~x+y.deb",
    "pool/b",
  ]);
  expect(index(...[...files].reverse())).toBe(index(...files));
});

test.each([
  "/etc/passwd",
  "../x",
  "pool/../../x",
  "pool//x",
  "pool/./x",
  "pool/",
  "",
  "pool\\x",
  "pool/x\n",
  "pool/%2e%2e/x",
  "pool/x?y",
  "pool/x#y",
  "https://a.example/x",
])("a path that could be read as another place is refused: %j", (path) => {
  expect("reason" in parseMirrorIndex(index(file(path)))).toBe(true);
});

test("no path that is accepted leaves the folder, whatever it is made of", () => {
  const part = fc.constantFrom("..", ".", "", "a", "%2e", "@b", "-", "~", "c d", "\0", "é", "\\");
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const path = parts.join("/");
      if ("reason" in parseMirrorIndex(index(file(path)))) return;
      expect(new URL(path, "http://a.example/base/").pathname).toBe(`/base/${path}`);
    }),
    { numRuns: 300 },
  );
});

test("a path that is there twice, a newer version, and what is no JSON each get a reason", () => {
  const reason = (text: string): string => {
    const parsed = parseMirrorIndex(text);
    return "reason" in parsed ? parsed.reason : "";
  };
  expect(reason(index(file("a"), file("a")))).toContain("twice");
  expect(reason('{"schemaVersion":2}')).toContain("schema version 2");
  expect(reason("[")).toContain("not JSON");
  expect(reason(JSON.stringify({ ...(JSON.parse(index()) as object), more: 1 }))).toContain("wrong");
});

const globals = { json: false, quiet: false, verbose: false, color: true, offline: false };

test("mirrors come from the option, else from NVLAB_MIRROR; paths become absolute", () => {
  const environment = { NVLAB_MIRROR: "m  http://a.example/m/ " };
  expect(mirrorPlaces(globals, environment, "/here")).toEqual(["/here/m", "http://a.example/m"]);
  expect(mirrorPlaces({ ...globals, mirror: ["../n"] }, environment, "/here")).toEqual(["/n"]);
  expect(mirrorPlaces(globals, {}, "/here")).toEqual([]);
});
