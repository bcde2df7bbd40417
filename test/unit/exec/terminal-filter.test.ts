import { expect, it } from "vitest";
import { terminalFilter } from "../../../src/exec/terminal-filter.ts";

const x86 = 0xc000003e;
const [allow, refuse, kill] = ["7fff0000", "50001", "80000000"] as const;

/** Runs the program as the kernel would, on the fields that it loads. */
function verdict(call: { architecture: number; number: number; second: number }): string {
  const program = terminalFilter();
  const fields = new Map([
    [0, call.number],
    [4, call.architecture],
    [24, call.second],
  ]);
  let value = 0;
  for (let at = 0; at < program.length; at += 8) {
    const [code, yes, no] = [program.readUInt16LE(at), program.readUInt8(at + 2), program.readUInt8(at + 3)];
    const constant = program.readUInt32LE(at + 4);
    if (code === 0x06) return constant.toString(16);
    if (code === 0x20) value = fields.get(constant) ?? NaN;
    else at += 8 * ((code === 0x15 ? value === constant : value >= constant) ? yes : no);
  }
  return "ran off the end";
}

it("refuses to push characters into the terminal", () => {
  expect(verdict({ architecture: x86, number: 16, second: 0x5412 })).toBe(refuse);
  expect(verdict({ architecture: x86, number: 16, second: 0x541c })).toBe(refuse);
});

it("allows every other use of a terminal and every other call", () => {
  expect(verdict({ architecture: x86, number: 16, second: 0x5413 })).toBe(allow);
  expect(verdict({ architecture: x86, number: 0, second: 0x5412 })).toBe(allow);
  expect(verdict({ architecture: x86, number: 435, second: 0 })).toBe(allow);
});

it("closes the ways around it through other call tables", () => {
  expect(verdict({ architecture: x86, number: 0x40000000 + 16, second: 0x5412 })).toBe(refuse);
  expect(verdict({ architecture: 0x40000003, number: 54, second: 0x5412 })).toBe(kill);
});
