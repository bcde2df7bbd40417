import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contractPath } from "../../../src/contract/generate/generated-files.ts";
import { parseContract } from "../../../src/contract/parse-contract.ts";

const yaml = readFileSync(new URL(`../../../${contractPath}`, import.meta.url), "utf8");

/** Faults of the real contract after one change, which has to change something. */
function faultsAfter(before: string, after: string): { message: string; line: number }[] {
  expect(yaml).toContain(before);
  const parsed = parseContract("c.yaml", yaml.replace(before, after));
  if (parsed.ok) return [];
  return parsed.failures.map(({ code, message, at }) => {
    expect(code).toBe("NVLAB_CONTRACT");
    expect(at?.file).toBe("c.yaml");
    return { message, line: at?.line ?? 0 };
  });
}

function lineOf(text: string): number {
  return yaml.slice(0, yaml.indexOf(text)).split("\n").length;
}

test("the contract itself has no fault", () => {
  const parsed = parseContract("c.yaml", yaml);
  expect(parsed.ok ? [] : parsed.failures).toEqual([]);
});

describe("a contract is refused, with the place, where", () => {
  const crcFlit = "{ name: CRC_FLIT, offset: 0x3c";
  const descriptor = "- name: descriptor\n    size: 64";
  const cases: [what: string, before: string, after: string, message: string][] = [
    [
      "two registers overlap",
      crcFlit,
      "{ name: CRC_FLIT, offset: 0x40",
      "CRC_DATA overlaps CRC_FLIT at 0x40",
    ],
    ["an offset is not aligned", crcFlit, "{ name: CRC_FLIT, offset: 0x3d", "multiple of 4"],
    ["a register lies past its stride", crcFlit, "{ name: CRC_FLIT, offset: 0x100", "past the stride 0x100"],
    ["a low half has no high half", "{ name: TX_HI,", "{ name: TX_UP,", "TX_LO needs TX_HI"],
    ["blocks overlap", "offset: 0x2000", "offset: 0x1400", "block gpu overlaps block link"],
    [
      "a block lies past the register file",
      "offset: 0x4000",
      "offset: 0xff00",
      "past the register file of 0x10000",
    ],
    ["a block refers to no limit", "count: GPUS_MAX", "count: GPU_MAX", "there is no limit GPU_MAX"],
    ["a block has a stride and no count", "    count: GPUS_MAX\n", "", "both of stride and count"],
    [
      "two fields overlap",
      'name: GPUS, bits: "15:8"',
      'name: GPUS, bits: "15:7"',
      "CAPS.GPUS overlaps another",
    ],
    ["a field is wider than its register", 'bits: "31:16"', 'bits: "32:16"', "32:16 is no field"],
    ["a field is written backwards", 'bits: "31:16"', 'bits: "16:31"', "16:31 is no field"],
    [
      "a reset value does not fit its fields",
      "reset: 0x1\n",
      "reset: 0x4\n",
      "0x4 of STATUS has bits outside",
    ],
    ["a reset value does not fit the register", "reset: 0x4e564c46", "reset: 0x14e564c46", "too big"],
    [
      "a register that cannot be read has a reset value",
      "access: wo,",
      "access: wo, reset: 1,",
      "cannot be read",
    ],
    ["a register names no enumeration", "enumeration: command", "enumeration: order", "no enumeration order"],
    [
      "an enumeration does not fit its field",
      'PEER, bits: "11:8"',
      'PEER, bits: "8"',
      "does not fit in 1 bits",
    ],
    [
      "two values of an enumeration are the same",
      "name: FAIL, value: 5",
      "name: FAIL, value: 3",
      "FAIL has the value 3 of FAULT",
    ],
    ["a name is given twice", "{ name: RING_LOG2_MIN,", "{ name: LINKS_MAX,", "LINKS_MAX is defined twice"],
    ["the members do not add up", descriptor, "- name: descriptor\n    size: 72", "are 64 bytes, not 72"],
    [
      "a member is not aligned",
      "type: u8, count: 3,",
      "type: u8, count: 2,",
      "cookie is not aligned: it begins at byte 7",
    ],
    ["a transition leads to no state", "{ from: HS, to: SLEEP,", "{ from: HS, to: NAP,", "no link state NAP"],
    ["a transition is by no command", 'by: "command WAKE"', 'by: "command RISE"', "no command RISE"],
    [
      "a transition is given twice",
      "{ from: FAIL, to: DETECT,",
      '{ from: "OFF", to: DETECT,',
      "OFF to DETECT is described twice",
    ],
    [
      "no transition leads to a state",
      "{ from: INITTL, to: HS,",
      "{ from: INITTL, to: SAFE,",
      "no transition leads from OFF to HS",
    ],
    [
      "the register names another version",
      "reset: 0x00010000",
      "reset: 0x00010001",
      "has to read as version 1.0",
    ],
    ["the version is not text", 'version: "1.0"', "version: 1.0", "write it in quotes"],
    ["a property has a wrong type", "name: link-count, type: uint32", "name: link-count, type: int", "type"],
    [
      "an array does not say how long it is",
      "type: uint32-array, items: 2,",
      "type: uint32-array,",
      "how many items",
    ],
    ["a key is unknown", "about: A link.\n", "about: A link.\n    colour: red\n", "unknown key 'colour'"],
  ];

  test.each(cases)("%s", (_, before, after, message) => {
    expect(
      faultsAfter(before, after)
        .map((fault) => fault.message)
        .join("\n"),
    ).toContain(message);
  });
});

test("the place of a fault is that of the value", () => {
  const [fault] = faultsAfter("enumeration: command", "enumeration: order");
  expect(fault?.line).toBe(lineOf("enumeration: command"));
});

test("all faults are reported at once", () => {
  const spoilt = yaml
    .replace("count: GPUS_MAX", "count: GPU_MAX")
    .replace("{ from: HS, to: SLEEP,", "{ from: HS, to: NAP,");
  const parsed = parseContract("c.yaml", spoilt);
  expect(parsed.ok ? 0 : parsed.failures.length).toBeGreaterThanOrEqual(2);
});

test("text that is no YAML has its place too", () => {
  const parsed = parseContract("c.yaml", "name: [");
  expect(parsed.ok ? [] : parsed.failures).toMatchObject([{ code: "NVLAB_YAML", at: { file: "c.yaml" } }]);
});
