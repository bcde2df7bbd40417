import { typeBytes } from "../check/structures.ts";
import type { Contract, Property, Register, Structure } from "../schema.ts";

/** The reference for people, in Markdown. */
export function generateMarkdown(contract: Contract): string {
  const { about, compatibility, version, "device-tree": tree, iommu } = contract;
  return `${[
    "<!-- Generated from contract/nvlink-fusion.yaml by `npm run contract`; do not edit. -->",
    `# The contract \`${contract.name}\`, version ${version}`,
    paragraph(about),
    "It is written once, in `contract/nvlink-fusion.yaml`. This page, the header `contract/include/nvlink-contract.h` for kernel, firmware and model, and nvlab's own constants are generated from it by `npm run contract`; a test keeps them current.",
    "## Versions",
    paragraph(compatibility),
    versionTable,
    "## Device tree",
    `The node's \`compatible\` contains \`${tree.compatible}\`. The dt-schema binding is \`dts/bindings/nvidia,nvlink-fusion.yaml\`. A target whose \`device-tree\` image says \`contract: ${contract.name}\` is not built when a node does not keep what follows (\`NVLAB_CONTRACT\`). \`nvlab check\` validates the built trees, or with \`--tree FILE\` one that a running machine gave (\`/sys/firmware/fdt\`), against bindings and contract.`,
    properties(tree.properties),
    `One child \`${tree.link.node}@N\` for each link, N in hexadecimal:`,
    properties(tree.link.properties),
    "## PCI",
    paragraph(contract.pci.about),
    table(
      ["", "value"],
      [
        ["vendor", hex(contract.pci.vendor, 4)],
        ["device", hex(contract.pci.device, 4)],
        ["class", hex(contract.pci.class, 6)],
        ...contract.pci.bars.map((bar) => [`BAR ${bar.bar}`, `${hex(bar.size)} bytes: ${bar.about}`]),
      ],
    ),
    "## Limits, flags and time-outs",
    table(
      ["name", "value", "meaning"],
      [
        ...contract.limits.map((one) => [code(one.name), `${one.value}`, one.about]),
        ...contract.flags.map((one) => [code(one.name), hex(one.value), one.about]),
        ...contract.timings.map((one) => [code(one.name), `${one.value} ms`, one.about]),
      ],
    ),
    "## Registers",
    `${paragraph(contract["register-file"])} In C a register is \`NVLINK_REG_<BLOCK>_<NAME>\`, a field \`NVLINK_<BLOCK>_<REGISTER>_<FIELD>_MASK\` and \`_SHIFT\`.`,
    ...contract.blocks.flatMap(({ name, offset, stride, count, about: what, registers }) => [
      `### Block \`${name}\``,
      `${what} At ${hex(offset, 4)}${stride === undefined ? "" : `, one each ${hex(stride)} bytes, at most \`${count ?? ""}\``}.`,
      table(["offset", "register", "access", "reset", "meaning"], registers.flatMap(registerRows)),
    ]),
    "## Enumerations",
    ...Object.entries(contract.enumerations).flatMap(([name, { about: what, values }]) => [
      `### \`${name}\``,
      what,
      table(
        ["value", "name", "meaning"],
        values.map((one) => [`${one.value}`, code(one.name), one.about]),
      ),
    ]),
    "## Link states and their transitions",
    "A transition that is not listed does not happen.",
    table(
      ["from", "to", "by"],
      contract.transitions.map(({ from, to, by }) => [from === "any" ? "any" : code(from), code(to), by]),
    ),
    "## Structures in memory",
    ...contract.structures.flatMap((structure) => [
      `### \`struct nvlink_${structure.name}\`, ${structure.size} bytes`,
      structure.about,
      table(["offset", "member", "type", "meaning"], memberRows(structure)),
    ]),
    "## The IOMMU",
    "At the hand-over from firmware to the kernel:",
    iommu["at-hand-over"].map((rule) => `- ${rule}`).join("\n"),
    "Who may widen that:",
    iommu["who-may-widen"].map((rule) => `- ${rule}`).join("\n"),
  ].join("\n\n")}\n`;
}

const versionTable = `| the kernel was written for | the controller keeps | what happens |
| --- | --- | --- |
| 1.2 | 1.2 | version 1.2 is used |
| 1.2 | 1.0 | version 1.0 is used: nothing that came later is relied on |
| 1.0 | 1.2 | version 1.0 is used: what is new is ignored |
| 1.2 | 2.0 | refused: probe fails and says so |`;

function properties(list: readonly Property[]): string {
  return table(
    ["property", "type", "", "meaning"],
    list.map(({ name, type, items, values, required, about }) => [
      code(name),
      items === undefined ? type : `${type} of ${items}`,
      required ? "required" : "optional",
      values === undefined ? about : `${about}: ${values.map(code).join(" or ")}`,
    ]),
  );
}

function registerRows(register: Register): string[][] {
  const { name, offset, access, reset, enumeration, about, fields = [] } = register;
  return [
    [
      hex(offset, 2),
      code(name),
      access,
      reset === undefined ? "" : hex(reset, 8),
      meaning(about, enumeration),
    ],
    ...fields.map((field) => [
      "",
      `${field.bits} ${code(field.name)}`,
      "",
      "",
      meaning(field.about, field.enumeration),
    ]),
  ];
}

function meaning(about: string, enumeration: string | undefined): string {
  return enumeration === undefined ? about : `${about} ([${enumeration}](#${enumeration}))`;
}

function memberRows({ fields }: Structure): string[][] {
  let offset = 0;
  return fields.map(({ name, type, count = 1, about }) => {
    const row = [`${offset}`, code(name), count === 1 ? type : `${type} × ${count}`, about];
    offset += typeBytes[type] * count;
    return row;
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function paragraph(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}

function code(text: string): string {
  return `\`${text}\``;
}

function hex(value: number, digits = 0): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
