import { expect, test } from "vitest";
import { choosePaint, colourful, colourless } from "../../../src/report/palette.ts";

test.each([
  ["a terminal", true, undefined, true, colourful],
  ["a terminal with an empty NO_COLOR", true, "", true, colourful],
  ["a pipe", false, undefined, true, colourless],
  ["NO_COLOR", true, "1", true, colourless],
  ["--no-color", true, undefined, false, colourless],
])("%s decides about colours", (_what, terminal, noColor, option, expected) => {
  expect(choosePaint(terminal, noColor, option)).toBe(expected);
});
