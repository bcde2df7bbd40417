import { describe, expect, it } from "vitest";
import type { BootTestOutcome } from "../../../src/boot/boot-outcome.ts";
import { renderJunit } from "../../../src/boot/junit.ts";

const outcome: BootTestOutcome = {
  ending: { type: "tests-ended" },
  stages: [],
  results: { tests: [], problems: [] },
  wallMs: 1500,
  log: "/log",
  failures: [],
  troubles: [],
};

describe("junit.xml", () => {
  it("holds no character that XML 1.0 forbids", () => {
    const name = "a\u0000\u001b\uFFFE\uD800\n\t<é😀>";
    const tests = [{ number: 1, name, status: "pass", diagnostics: [name], children: [] }] as const;
    const xml = renderJunit("t&t", { ...outcome, results: { tests, problems: [] } });
    expect(xml).toContain('<testsuites name="nvlab boot t&amp;t" tests="2"');
    expect(xml).toContain("<system-out>a\uFFFD\uFFFD\uFFFD\uFFFD\n\t&lt;é😀&gt;</system-out>");
    // In an attribute a line's end would be read back as a space.
    expect(xml).toContain('name="a\uFFFD\uFFFD\uFFFD\uFFFD&#10;&#9;&lt;é😀&gt;"');
  });

  it("gives times in seconds", () => {
    expect(renderJunit("t", outcome)).toContain('time="1.500"');
  });
});
