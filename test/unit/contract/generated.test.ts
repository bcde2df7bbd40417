import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contractPath, generatedFiles } from "../../../src/contract/generate/generated-files.ts";

const home = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, home), "utf8");

function generated(): Readonly<Record<string, string>> {
  const files = generatedFiles(read(contractPath));
  if (!files.ok) throw new Error(JSON.stringify(files.failures, null, 2));
  return files.value;
}

test("what is committed is what the contract generates: `npm run contract` writes it", () => {
  for (const [path, text] of Object.entries(generated())) expect(read(path), path).toBe(text);
});

test("the header and the kernel's copy of it are the same bytes", () => {
  const files = generated();
  expect(files["patches/linux/files/drivers/nvlink/nvlink-contract.h"]).toBe(
    files["contract/include/nvlink-contract.h"],
  );
});

test("no line of the header is longer than 100 columns", () => {
  const columns = (line: string): number =>
    line
      .split("")
      .reduce((column, char) => (char === "\t" ? (Math.floor(column / 8) + 1) * 8 : column + 1), 0);
  const lines = generated()["contract/include/nvlink-contract.h"]?.split("\n") ?? [];
  expect(lines.filter((line) => columns(line) > 100)).toEqual([]);
});

test("the reference says in its first paragraph that the interface is this project's lab model", () => {
  const [, , paragraph] = generated()["docs/contract.md"]?.split("\n\n") ?? [];
  expect(paragraph).toContain("No public register specification of NVLink Fusion exists");
  expect(paragraph).toContain("lab model of this project");
});

test("another word in the contract gives another digest", () => {
  const other = generatedFiles(`${read(contractPath)}# a word\n`);
  if (!other.ok) throw new Error(JSON.stringify(other.failures));
  expect(other.value["src/contract/generated.ts"]).not.toBe(generated()["src/contract/generated.ts"]);
});
