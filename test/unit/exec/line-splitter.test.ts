import fc from "fast-check";
import { expect, it } from "vitest";
import { lineSplitter } from "../../../src/exec/line-splitter.ts";

function split(chunks: readonly Buffer[]): string[] {
  const lines: string[] = [];
  const splitter = lineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(chunk);
  splitter.end();
  expect(splitter.count).toBe(lines.length);
  return lines;
}

it("gives lines as they were written, however the bytes were cut", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), fc.integer({ min: 1, max: 7 }), (texts, size) => {
      const lines = texts.map((text) => text.replaceAll(/[\r\n]/g, ""));
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect(split(chunks)).toEqual(lines);
    }),
  );
});

it("gives a last line without an end, and drops carriage returns", () => {
  expect(split([Buffer.from("one\r\ntwo"), Buffer.from("!")])).toEqual(["one", "two!"]);
});

it("does not keep a line without end in memory", () => {
  const lines = split(Array.from({ length: 10 }, () => Buffer.alloc(20_000, "x")));
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join("")).toHaveLength(200_000);
});
