import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countLeaves, leaves } from "../../../src/boot/ktap.ts";
import { readKtapLine } from "../../../src/boot/ktap-line.ts";
import { parseKtap } from "../../../src/boot/parse-ktap.ts";

const parse = (text: string): ReturnType<typeof parseKtap> => parseKtap(text.split("\n"));

describe("KTAP", () => {
  it("is read with nested tests, directives and diagnostics", () => {
    const { tests, problems } = parse(
      [
        "[    1.0] noise before",
        "KTAP version 1",
        "1..3",
        "  KTAP version 1",
        "  1..2",
        "  ok 1 present",
        "  # expected: 4",
        "  # actual:   3",
        "  not ok 2 grouped",
        "not ok 1 iommu",
        "ok 2 network # SKIP no card",
        "not ok 3 speed # TODO known to be slow",
        "noise behind",
      ].join("\n"),
    );
    expect(problems).toEqual([]);
    expect(tests.map(({ name, status, reason }) => [name, status, reason])).toEqual([
      ["iommu", "fail", undefined],
      ["network", "skip", "no card"],
      ["speed", "expected-fail", "known to be slow"],
    ]);
    expect(tests[0]?.children.map(({ name, status }) => [name, status])).toEqual([
      ["present", "pass"],
      ["grouped", "fail"],
    ]);
    expect(tests[0]?.children[1]?.diagnostics).toEqual(["expected: 4", "actual:   3"]);
    expect(countLeaves(tests)).toEqual({ pass: 1, fail: 1, skip: 1, "expected-fail": 1 });
  });

  it("may be nested deeper, by four spaces, and without version lines, as older KUnit prints it", () => {
    const { tests, problems } = parse(
      [
        "TAP version 14",
        "1..1",
        "    # Subtest: outer",
        "    1..1",
        "        KTAP version 1",
        "        1..1",
        "        ok 1 leaf",
        "    ok 1 - inner",
        "ok 1 - outer",
      ].join("\n"),
    );
    expect(problems).toEqual([]);
    expect(leaves(tests).map(({ test, path }) => [...path, test.name])).toEqual([["outer", "inner", "leaf"]]);
  });

  it("is found among messages of the kernel, even within a line", () => {
    const { tests, problems } = parse(
      [
        "KTAP version 1\r",
        "[    3.100000] random: crng init done",
        "1..2\r",
        "ok 1 dma-buf[    3.200000] clocksource: jiffies",
        "[    3.300000][  T12] ok 2 not a result",
        "ok 2 \u001b[1mcolour\u001b[0m",
      ].join("\n"),
    );
    expect(problems).toEqual([]);
    expect(tests.map(({ name }) => name)).toEqual(["dma-buf", "colour"]);
  });

  it("is taken from the kernel's log where the kernel itself reports", () => {
    const { tests, problems } = parse(
      [
        "[    1.000000] KTAP version 1",
        "[    1.000001] 1..1",
        "ok 1 a shell's own words",
        "[    1.000002]     KTAP version 1",
        "[    1.000003]     1..1",
        "[    1.000004]     ok 1 kunit_case",
        "[    1.000005] ok 1 kunit_suite",
      ].join("\n"),
    );
    expect(problems).toEqual([]);
    expect(leaves(tests).map(({ test, path }) => [...path, test.name])).toEqual([
      ["kunit_suite", "kunit_case"],
    ]);
  });

  it("gives each result the time since the one before, or what the test says of itself", () => {
    const lines = [
      ["KTAP version 1", 1000],
      ["1..2", 1000],
      ["ok 1 fast", 1200],
      ["# duration_ms 7", 1500],
      ["ok 2 slow", 1900],
    ] as const;
    const { tests } = parseKtap(lines.map(([text, at]) => ({ text, at })));
    expect(tests.map(({ timeMs }) => timeMs)).toEqual([200, 7]);
  });

  it("is incomplete where results are missing, at the top or below", () => {
    expect(parse("KTAP version 1\n1..3\nok 1 a").problems).toEqual(["1 of 3 planned tests reported"]);
    expect(parse("KTAP version 1\n1..1\n  KTAP version 1\n  1..2\n  ok 1 x\nok 1 a").problems).toEqual([
      "1 of 2 planned tests reported in a",
    ]);
    expect(parse("KTAP version 1\n1..1\nok 1 a\nok 2 b").problems).toEqual(["2 of 1 planned tests reported"]);
  });

  it("is incomplete where it ends within a test, and keeps what was reported", () => {
    const { tests, problems } = parse("KTAP version 1\n1..2\nok 1 a\n  KTAP version 1\n  1..2\n  ok 1 x");
    expect(problems).toEqual(["the output ends within a test"]);
    expect(tests.map(({ name, status }) => [name, status])).toEqual([
      ["a", "pass"],
      ["(unfinished)", "fail"],
    ]);
    expect(tests[1]?.children.map(({ name }) => name)).toEqual(["x"]);
  });

  it("needs a plan, but only on the outermost level", () => {
    expect(parse("KTAP version 1\nok 1 a").problems).toEqual(["no plan (1..N) was printed"]);
    expect(parse("KTAP version 1\n1..1\n  KTAP version 1\n  ok 1 x\nok 1 a").problems).toEqual([]);
  });

  it("may have its plan behind the results", () => {
    expect(parse("KTAP version 1\nok 1 a\nok 2 b\n1..2").problems).toEqual([]);
  });

  it("has one plan a level, and numbers in order", () => {
    expect(parse("KTAP version 1\n1..1\n1..2\nok 1 a").problems).toEqual(["a second plan, 1..2"]);
    expect(parse("KTAP version 1\n1..2\nok 1 a\nok 3 b").problems).toEqual([
      "b has number 3 where 2 was due",
    ]);
  });

  it("may come in several documents, each with a plan of its own", () => {
    const { tests, problems } = parse("KTAP version 1\n1..1\nok 1 a\nKTAP version 1\n1..1\nok 1 b");
    expect([problems, tests.map(({ name }) => name)]).toEqual([[], ["a", "b"]]);
  });

  it("contradicts itself where a test is ok and a subtest is not", () => {
    const { tests, problems } = parse("KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  not ok 1 x\nok 1 a");
    expect(problems).toEqual(["a is ok though one of its subtests is not"]);
    expect(countLeaves(tests).fail).toBe(1);
  });

  it("counts a test that failed though its subtests passed", () => {
    const { tests } = parse(
      "KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  ok 1 x\nnot ok 1 a # exit status 139",
    );
    expect(leaves(tests).map(({ test }) => [test.name, test.status, test.reason])).toEqual([
      ["x", "pass", undefined],
      ["a", "fail", "exit status 139"],
    ]);
  });

  it("gives a skipped test the reason of its empty plan", () => {
    const { tests, problems } = parse(
      "KTAP version 1\n1..1\n  KTAP version 1\n  1..0 # SKIP no TPM\nok 1 tpm # SKIP",
    );
    expect(problems).toEqual([]);
    expect(tests[0]).toMatchObject({ status: "skip", reason: "no TPM" });
  });

  it("stops where the tests bail out", () => {
    const { tests, bailOut } = parse("KTAP version 1\n1..3\nok 1 a\nBail out! no memory\nok 2 b");
    expect([tests.map(({ name }) => name), bailOut]).toEqual([["a"], "no memory"]);
  });

  it("is missing from a console that has none", () => {
    expect(parse("OpenSBI v1.6\nok 1 not announced").problems).toEqual(["no KTAP was printed"]);
    expect(parse("").tests).toEqual([]);
  });

  it("keeps a bounded part of what a talkative test prints", () => {
    const { tests } = parse(`KTAP version 1\n1..1\n${"# again\n".repeat(5000)}ok 1 a`);
    expect(tests[0]?.diagnostics.length).toBe(100);
  });

  it("never makes the reader throw", () => {
    const words = fc.constantFrom(
      "KTAP version 1",
      "1..2",
      "1..0",
      "ok 1 a",
      "not ok 2 b # SKIP",
      "# c",
      "Bail out!",
      "",
    );
    const line = fc
      .tuple(fc.nat(6), fc.oneof(words, fc.string()))
      .map(([indent, text]) => " ".repeat(indent) + text);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const { tests, problems } = parseKtap(["KTAP version 1", ...lines]);
        expect(Array.isArray(tests) && Array.isArray(problems)).toBe(true);
      }),
    );
  });
});

describe("a KTAP line", () => {
  it("may have its name behind a dash, a # escaped in it, or no name", () => {
    expect(readKtapLine("ok 1 - a \\# b # SKIP why")).toMatchObject({
      name: "a # b",
      status: "skip",
      reason: "why",
    });
    expect(parse("KTAP version 1\n1..1\nok 1").tests[0]?.name).toBe("test 1");
  });

  it("knows XFAIL and the words that KTAP adds", () => {
    expect(readKtapLine("ok 1 a # XFAIL")).toMatchObject({ status: "expected-fail" });
    expect(readKtapLine("not ok 1 a # TIMEOUT 60 s")).toMatchObject({
      status: "fail",
      reason: "TIMEOUT 60 s",
    });
    expect(readKtapLine("ok 1 a # TODO")).toMatchObject({ status: "pass" });
  });

  it("is no result where only the words look like one", () => {
    for (const text of ["okay then", "ok, go on", "not ok", "ok go", "1..", "1..x"]) {
      expect(readKtapLine(text).type).toBe("other");
    }
  });
});
