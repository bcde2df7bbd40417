import { parseBits } from "../bits.ts";
import type { Block, Contract, Register, Structure } from "../schema.ts";
import { parseVersion } from "../version.ts";
import { comment, defines, wrap, type Define } from "./c-text.ts";

const types = { u8: "__u8", le32: "__le32", le64: "__le64" } as const;

/** The C header for kernel, firmware and model. It needs linux/types.h and nothing else. */
export function generateHeader(contract: Contract): string {
  return [
    "/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */",
    "/* Generated from contract/nvlink-fusion.yaml by `npm run contract`; do not edit. */",
    "#ifndef NVLINK_CONTRACT_H",
    "#define NVLINK_CONTRACT_H",
    "",
    "#include <linux/types.h>",
    "",
    ...identity(contract),
    ...constants(contract),
    ...Object.entries(contract.enumerations).flatMap(([name, { about, values }]) => [
      "",
      ...comment(about),
      ...defines([
        ...values.map((value) => ({
          name: `NVLINK_${name.toUpperCase()}_${value.name}`,
          value: String(value.value),
          about: value.about,
        })),
        {
          name: `NVLINK_${name.toUpperCase()}_COUNT`,
          value: String(Math.max(...values.map(({ value }) => value)) + 1),
        },
      ]),
      `#define NVLINK_${name.toUpperCase()}_NAMES { \\`,
      ...values.map((value) => `\t[${value.value}] = "${value.name}", \\`),
      "}",
    ]),
    ...contract.blocks.flatMap(blockLines),
    ...contract.structures.flatMap(structureLines),
    "",
    "#endif /* NVLINK_CONTRACT_H */",
    "",
  ].join("\n");
}

function identity({ version, pci, "device-tree": tree }: Contract): string[] {
  const { major, minor } = parseVersion(version) ?? { major: 0, minor: 0 };
  return [
    ...defines([
      { name: "NVLINK_CONTRACT_MAJOR", value: String(major) },
      { name: "NVLINK_CONTRACT_MINOR", value: String(minor) },
    ]),
    "",
    ...comment(pci.about),
    ...defines([
      { name: "NVLINK_PCI_VENDOR", value: hex(pci.vendor, 4) },
      { name: "NVLINK_PCI_DEVICE", value: hex(pci.device, 4) },
      { name: "NVLINK_PCI_CLASS", value: hex(pci.class, 6) },
      ...pci.bars.map(({ bar, size, about }) => ({
        name: `NVLINK_PCI_BAR${bar}_SIZE`,
        value: hex(size, 0),
        about,
      })),
    ]),
    "",
    ...defines([{ name: "NVLINK_DT_COMPATIBLE", value: `"${tree.compatible}"` }]),
  ];
}

function constants({ limits, flags, timings }: Contract): string[] {
  const groups: [string, Define[]][] = [
    ["Limits and special numbers.", limits.map((one) => named("", one, String(one.value)))],
    ["Flags.", flags.map((one) => named("", one, hex(one.value, 0)))],
    ["Time-outs, in milliseconds.", timings.map((one) => named("TIME_", one, String(one.value)))],
  ];
  return groups.flatMap(([about, rows]) =>
    rows.length === 0 ? [] : ["", ...comment(about), ...defines(rows)],
  );
}

function named(prefix: string, { name, about }: { name: string; about: string }, value: string): Define {
  return { name: `NVLINK_${prefix}${name}`, value, about };
}

function blockLines(block: Block): string[] {
  const { name, offset, stride, about, registers } = block;
  const upper = name.toUpperCase();
  const place: Define[] =
    stride === undefined
      ? []
      : [
          { name: `NVLINK_BLOCK_${upper}`, value: hex(offset, 4) },
          { name: `NVLINK_BLOCK_${upper}_STRIDE`, value: hex(stride, 0) },
        ];
  return [
    "",
    ...comment(about),
    ...(place.length === 0 ? [] : defines(place)),
    ...registers.flatMap((register) => ["", ...registerLines(block, register)]),
  ];
}

function registerLines({ name, offset, stride }: Block, register: Register): string[] {
  const upper = name.toUpperCase();
  const own = `NVLINK_${upper}_${register.name}`;
  const at = hex(offset + register.offset, 4);
  const rows: Define[] = [
    stride === undefined
      ? { name: `NVLINK_REG_${upper}_${register.name}`, value: at }
      : { name: `NVLINK_REG_${upper}_${register.name}(n)`, value: `(${at} + (n) * ${hex(stride, 0)})` },
  ];
  if (register.reset !== undefined) rows.push({ name: `${own}_RESET`, value: hex(register.reset, 8) });
  for (const field of register.fields ?? []) {
    const { mask = 0, low = 0 } = parseBits(field.bits) ?? {};
    rows.push(
      { name: `${own}_${field.name}_MASK`, value: hex(mask, 8), about: field.about },
      { name: `${own}_${field.name}_SHIFT`, value: String(low) },
    );
  }
  return [...comment(`${register.access}: ${register.about}`), ...defines(rows)];
}

function structureLines({ name, about, fields }: Structure): string[] {
  const described = [
    ` * struct nvlink_${name} - ${about}`,
    ...fields.map((field) => ` * @${field.name}: ${field.about}`),
  ].flatMap((line) => {
    const [first = "", ...rest] = wrap(line.trim().slice(2), 94);
    return [` * ${first}`, ...rest.map((part) => ` *   ${part}`)];
  });
  return [
    "",
    "/**",
    ...described,
    " */",
    `struct nvlink_${name} {`,
    ...fields.map(
      (field) =>
        `\t${types[field.type]} ${field.name}${field.count === undefined ? "" : `[${field.count}]`};`,
    ),
    "};",
  ];
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
