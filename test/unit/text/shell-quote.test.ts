import { expect, test } from "vitest";
import { shellQuote } from "../../../src/text/shell-quote.ts";

test("words for a shell are quoted only where it needs them to be", () => {
  expect(["a-b_c=1,2:/x.y", "", "a b", "$x", "it's", "*"].map(shellQuote)).toEqual([
    "a-b_c=1,2:/x.y",
    "''",
    "'a b'",
    "'$x'",
    "'it'\\''s'",
    "'*'",
  ]);
});
