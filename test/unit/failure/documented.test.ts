import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { failureExit } from "../../../src/failure/failure.ts";

test("docs/failures.md has every code with its exit code, and no other", () => {
  const text = readFileSync(new URL("../../../docs/failures.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| `(NVLAB_\w+)` \| (\d+) \|/gm)].map(([, code, exit]) => [
    code,
    Number(exit),
  ]);
  expect(Object.fromEntries(rows)).toEqual(failureExit);
});
