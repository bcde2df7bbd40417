import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const home = resolve(import.meta.dirname, "../..");
const { files } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { files: string[] };

/** Top folders of the project's files that the shipped recipes name. */
function foldersOfRecipes(): Set<string> {
  const folder = join(home, "recipes");
  const texts = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  const tops = readdirSync(home, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
  const words = texts.flatMap((text) => text.split(/[\s[\],{}"]+/));
  const isNamed = (top: string): boolean =>
    words.some((word) => (word === top || word.startsWith(`${top}/`)) && existsSync(join(home, word)));
  return new Set(tops.filter(isNamed));
}

test("the npm package has every folder that a shipped recipe takes files from", () => {
  const named = [...foldersOfRecipes()];
  expect(named).toEqual(expect.arrayContaining(["guest", "model", "vendor", "patches", "dts"]));
  expect(named.filter((folder) => !files.includes(folder))).toEqual([]);
});

test("the npm package has the pages that failures point to", () => {
  expect(files).toContain("docs");
});
