import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dotConfigLine, mergeRequested, parseFragment } from "../../../src/kconfig/fragment.ts";
import type { RequestedOption } from "../../../src/plan/node.ts";

const file = "kernel-configs/linux/vfio.config";

function options(text: string): RequestedOption[] {
  const parsed = parseFragment(file, text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failures));
  return parsed.value;
}

function failures(text: string): { message: string; at: unknown; hint: string | undefined }[] {
  const parsed = parseFragment(file, text);
  return parsed.ok ? [] : parsed.failures.map(({ message, at, hint }) => ({ message, at, hint }));
}

describe("parseFragment", () => {
  it("reads every kind of value with its line and skips comments and empty lines", () => {
    const text = `# SPDX-License-Identifier: GPL-2.0-only
# A sentence that mentions CONFIG_VFIO=y is a comment.

CONFIG_VFIO=y
CONFIG_UDMABUF=m
CONFIG_EFI=n
# CONFIG_SWAP is not set
CONFIG_NR_CPUS=8
CONFIG_TEXT_BASE=0x80200000
CONFIG_HOSTNAME="a \\"quoted\\" name"
CONFIG_LOCALVERSION=""
`;
    expect(options(text).map(({ option, value, line }) => [option, value, line])).toEqual([
      ["CONFIG_VFIO", "y", 4],
      ["CONFIG_UDMABUF", "m", 5],
      ["CONFIG_EFI", "n", 6],
      ["CONFIG_SWAP", "n", 7],
      ["CONFIG_NR_CPUS", "8", 8],
      ["CONFIG_TEXT_BASE", "0x80200000", 9],
      ["CONFIG_HOSTNAME", '"a \\"quoted\\" name"', 10],
      ["CONFIG_LOCALVERSION", '""', 11],
    ]);
  });

  it("reads lines that end in carriage return and line feed", () => {
    expect(options("CONFIG_VFIO=y\r\n# CONFIG_SWAP is not set\r\n").map(({ value }) => value)).toEqual([
      "y",
      "n",
    ]);
  });

  it.each([
    ["  CONFIG_VFIO=y", "remove the space before CONFIG_"],
    ["CONFIG_VFIO = y", "spaces around '='"],
    ["CONFIG_VFIO= y", "spaces around '='"],
    ["CONFIG_VFIO=y ", "spaces at the end"],
    ["CONFIG_VFIO=yes", "y, m or n"],
    ["CONFIG_VFIO=", "a value is y, m, n"],
    ["CONFIG_NAME=text", "a value is y, m, n"],
    ['CONFIG_NAME="open', "a value is y, m, n"],
    ["#CONFIG_SWAP is not set", "exactly as: # CONFIG_NAME is not set"],
    ["#  CONFIG_SWAP is not set", "exactly as: # CONFIG_NAME is not set"],
    ["VFIO=y", "a line is CONFIG_NAME=value"],
    ["config VFIO", "a line is CONFIG_NAME=value"],
  ])("refuses %j, which Kconfig would pass over or misread", (line, hint) => {
    const found = failures(`\n${line}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]?.hint).toContain(hint);
    expect(found[0]?.at).toMatchObject({ file, line: 2 });
  });

  it("points at the first character that is not a space", () => {
    expect(failures("\t CONFIG_VFIO=y")[0]?.at).toEqual({ file, line: 1, column: 3 });
  });

  it("reports every wrong line of a file at once", () => {
    expect(failures("VFIO=y\nCONFIG_A=y\nPCI=y\n").map(({ at }) => at)).toEqual([
      { file, line: 1, column: 1 },
      { file, line: 3, column: 1 },
    ]);
  });

  it("refuses an option asked for twice with different values and names both lines", () => {
    const [failure] = failures("CONFIG_A=y\nCONFIG_B=y\n# CONFIG_A is not set\n");
    expect(failure?.message).toContain("CONFIG_A=n contradicts CONFIG_A=y in line 1");
    expect(failure?.at).toMatchObject({ line: 3 });
  });

  it("lets an option be asked for twice with the same value", () => {
    expect(options("CONFIG_A=y\nCONFIG_A=y\n")).toHaveLength(1);
  });

  it("reads back what dotConfigLine writes", () => {
    const value = fc.oneof(
      fc.constantFrom("y", "m", "n"),
      fc.integer().map(String),
      fc.nat().map((number) => `0x${number.toString(16)}`),
      fc.stringMatching(/^[ -~]*$/).map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9_]+$/), value, (name, wanted) => {
        expect(options(dotConfigLine(`CONFIG_${name}`, wanted))[0]).toMatchObject({ value: wanted });
      }),
    );
  });
});

describe("mergeRequested", () => {
  const ask = (option: string, value: string, from: string): RequestedOption => ({
    option,
    value,
    file: from,
    line: 1,
  });

  it("lets a later fragment win and remembers where the winning line is", () => {
    const merged = mergeRequested([
      [ask("CONFIG_A", "y", "first"), ask("CONFIG_B", "y", "first")],
      [ask("CONFIG_A", "n", "second")],
    ]);
    expect(merged).toEqual([ask("CONFIG_B", "y", "first"), ask("CONFIG_A", "n", "second")]);
  });

  it("keeps nothing twice", () => {
    expect(mergeRequested([[ask("CONFIG_A", "y", "a")], [ask("CONFIG_A", "y", "b")]])).toHaveLength(1);
    expect(mergeRequested([])).toEqual([]);
  });
});
