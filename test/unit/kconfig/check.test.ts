import { describe, expect, it } from "vitest";
import { lostOptions } from "../../../src/kconfig/check.ts";
import { parseDotConfig } from "../../../src/kconfig/dot-config.ts";
import type { RequestedOption } from "../../../src/plan/node.ts";

const ask = (option: string, value: string): RequestedOption => ({
  option,
  value,
  file: "f.config",
  line: 1,
});

const dotConfig = `#
# Automatically generated file; DO NOT EDIT.
#
CONFIG_PCI=y
CONFIG_UDMABUF=m
# CONFIG_SWAP is not set
CONFIG_NR_CPUS=8
CONFIG_TEXT_BASE=0x80200000
CONFIG_HOSTNAME="nvlab"
CONFIG_CMDLINE=""
`;

describe("parseDotConfig", () => {
  it("reads values, unset options and text with an equals sign in it", () => {
    const values = parseDotConfig(`${dotConfig}CONFIG_BOOTCOMMAND="a=b"\n`);
    expect(values.get("CONFIG_BOOTCOMMAND")).toBe('"a=b"');
    expect(values.get("CONFIG_SWAP")).toBe("n");
    expect(values.has("CONFIG_VFIO")).toBe(false);
  });
});

describe("lostOptions", () => {
  it("finds nothing where every wish was granted", () => {
    const granted = [
      ask("CONFIG_PCI", "y"),
      ask("CONFIG_UDMABUF", "m"),
      ask("CONFIG_SWAP", "n"),
      ask("CONFIG_ABSENT", "n"),
      ask("CONFIG_NR_CPUS", "8"),
      ask("CONFIG_HOSTNAME", '"nvlab"'),
      ask("CONFIG_CMDLINE", '""'),
    ];
    expect(lostOptions(granted, dotConfig)).toEqual([]);
  });

  it("finds options that are absent, off, a module in place of built-in, or another value", () => {
    const lost = lostOptions(
      [
        ask("CONFIG_VFIO", "y"),
        ask("CONFIG_SWAP", "y"),
        ask("CONFIG_UDMABUF", "y"),
        ask("CONFIG_PCI", "n"),
        ask("CONFIG_NR_CPUS", "512"),
        ask("CONFIG_HOSTNAME", '"other"'),
      ],
      dotConfig,
    );
    expect(lost.map(({ requested, got }) => [requested.option, got])).toEqual([
      ["CONFIG_VFIO", "n"],
      ["CONFIG_SWAP", "n"],
      ["CONFIG_UDMABUF", "m"],
      ["CONFIG_PCI", "y"],
      ["CONFIG_NR_CPUS", "8"],
      ["CONFIG_HOSTNAME", '"nvlab"'],
    ]);
  });

  it("compares numbers by value, but a decimal number is no hexadecimal one", () => {
    expect(lostOptions([ask("CONFIG_TEXT_BASE", "0X0080200000")], dotConfig)).toEqual([]);
    expect(lostOptions([ask("CONFIG_NR_CPUS", "08")], dotConfig)).toEqual([]);
    expect(lostOptions([ask("CONFIG_NR_CPUS", "0x8")], dotConfig)).toHaveLength(1);
  });
});
