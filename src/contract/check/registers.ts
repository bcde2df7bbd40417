import { parseBits } from "../bits.ts";
import { parseVersion } from "../version.ts";
import type { Block, Contract, Register } from "../schema.ts";
import { repeated, type ContractFault } from "./fault.ts";

/** Faults of the register file: what overlaps, lies outside, does not fit or names what is not there. */
export function checkRegisters(contract: Contract): ContractFault[] {
  return [
    ...contract.blocks.flatMap((block, index) => [
      ...checkPlace(contract, block, ["blocks", index]),
      ...checkBlock(contract, block, ["blocks", index, "registers"]),
    ]),
    ...overlappingBlocks(contract),
    ...versionRegister(contract),
  ];
}

/** First byte behind all instances of a block. */
function endOf(contract: Contract, { offset, stride, count, registers }: Block): number {
  const instances = contract.limits.find(({ name }) => name === count)?.value ?? 1;
  const last = Math.max(...registers.map((register) => register.offset + 4));
  return stride === undefined ? offset + last : offset + stride * instances;
}

function checkPlace(contract: Contract, block: Block, path: (string | number)[]): ContractFault[] {
  const faults: ContractFault[] = [];
  const { name, stride, count } = block;
  if ((stride === undefined) !== (count === undefined))
    faults.push({ path, message: `block ${name} needs both of stride and count, or neither` });
  if (count !== undefined && !contract.limits.some((limit) => limit.name === count))
    faults.push({ path: [...path, "count"], message: `there is no limit ${count}` });
  const size = contract.pci.bars.find(({ bar }) => bar === 0)?.size ?? 0;
  const end = endOf(contract, block);
  if (end > size)
    faults.push({
      path,
      message: `block ${name} ends at ${hex(end)}, past the register file of ${hex(size)}`,
    });
  return faults;
}

function overlappingBlocks(contract: Contract): ContractFault[] {
  return contract.blocks.flatMap((block, index) =>
    contract.blocks
      .slice(0, index)
      .filter((other) => block.offset < endOf(contract, other) && other.offset < endOf(contract, block))
      .map((other) => ({
        path: ["blocks", index, "offset"],
        message: `block ${block.name} overlaps block ${other.name}`,
      })),
  );
}

function checkBlock(contract: Contract, block: Block, base: (string | number)[]): ContractFault[] {
  const { registers, stride, name } = block;
  return [
    ...repeated(
      registers,
      (register) => register.name,
      (register, index) => ({
        path: [...base, index, "name"],
        message: `block ${name} has two registers ${register.name}`,
      }),
    ),
    ...repeated(
      registers,
      ({ offset }) => offset,
      (register, index, earlier) => ({
        path: [...base, index, "offset"],
        message: `register ${register.name} overlaps ${earlier.name} at ${hex(register.offset)}`,
      }),
    ),
    ...registers.flatMap((register, index): ContractFault[] => {
      const path = [...base, index];
      const faults = checkRegister(contract, register, path);
      if (stride !== undefined && register.offset + 4 > stride)
        faults.push({
          path,
          message: `register ${register.name} lies past the stride ${hex(stride)} of its block`,
        });
      const half = register.name.replace(/_LO$/, "_HI");
      const other = registers.find((one) => one.name === half);
      if (half !== register.name && other?.offset !== register.offset + 4)
        faults.push({ path, message: `${register.name} needs ${half} right behind it` });
      return faults;
    }),
  ];
}

function checkRegister(contract: Contract, register: Register, path: (string | number)[]): ContractFault[] {
  const { name, fields = [], access, reset = 0, enumeration } = register;
  const faults: ContractFault[] = [];
  let used = 0;
  for (const [index, field] of fields.entries()) {
    const at = [...path, "fields", index];
    const bits = parseBits(field.bits);
    if (!bits) {
      faults.push({
        path: [...at, "bits"],
        message: `${name}.${field.name}: ${field.bits} is no field of 32 bits`,
      });
      continue;
    }
    if ((used & bits.mask) !== 0)
      faults.push({ path: [...at, "bits"], message: `${name}.${field.name} overlaps another field` });
    used |= bits.mask;
    faults.push(...checkEnumeration(contract, field.enumeration, bits.high - bits.low + 1, at));
  }
  faults.push(
    ...repeated(
      fields,
      (field) => field.name,
      (field, index) => ({
        path: [...path, "fields", index, "name"],
        message: `${name} has two fields ${field.name}`,
      }),
    ),
    ...checkEnumeration(contract, enumeration, 32, path),
  );
  if (fields.length > 0 && (reset & ~used) !== 0)
    faults.push({
      path: [...path, "reset"],
      message: `the reset value ${hex(reset)} of ${name} has bits outside its fields`,
    });
  if (access === "wo" && register.reset !== undefined)
    faults.push({ path: [...path, "reset"], message: `${name} cannot be read, so it has no reset value` });
  return faults;
}

function checkEnumeration(
  contract: Contract,
  name: string | undefined,
  width: number,
  path: (string | number)[],
): ContractFault[] {
  if (name === undefined) return [];
  const values = contract.enumerations[name]?.values;
  if (!values) return [{ path: [...path, "enumeration"], message: `there is no enumeration ${name}` }];
  return values
    .filter(({ value }) => value >= 2 ** width)
    .map((value) => ({
      path: [...path, "enumeration"],
      message: `${name} ${value.name} is ${value.value}, which does not fit in ${width} bits`,
    }));
}

/** The controller says by itself which contract it keeps: that is the version of this file. */
function versionRegister(contract: Contract): ContractFault[] {
  const version = parseVersion(contract.version);
  const block = contract.blocks.findIndex(({ name }) => name === "global");
  const registers = contract.blocks[block]?.registers ?? [];
  const register = registers.findIndex(({ name }) => name === "CONTRACT");
  const value = registers[register]?.reset;
  if (!version || value === version.major * 0x1_0000 + version.minor) return [];
  return [
    {
      path: register < 0 ? ["blocks"] : ["blocks", block, "registers", register, "reset"],
      message: `register CONTRACT of block global has to read as version ${contract.version}`,
    },
  ];
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
