import { z } from "zod";

const Upper = z.string().regex(/^[A-Z][A-Z0-9_]*$/, "a name has upper-case letters, digits and '_'");
const Lower = z.string().regex(/^[a-z][a-z0-9_]*$/, "a name has lower-case letters, digits and '_'");
const About = z.string().min(1).describe("one sentence for people");
const Word = z.int().min(0).max(0xffff_ffff).describe("32 bits");
const Offset = Word.refine(
  (value) => value % 4 === 0,
  "registers have 32 bits: an offset is a multiple of 4",
);

/** A name with a number, as in the limits, the flags and the values of an enumeration. */
const Named = z.strictObject({ name: Upper, value: Word, about: About });

const Property = z.strictObject({
  name: z.string().regex(/^#?[a-z][A-Za-z0-9,-]*$/, "a property has letters, digits, ',' and '-'"),
  type: z
    .enum([
      "flag",
      "interrupts",
      "phandle-array",
      "reg",
      "string",
      "string-array",
      "uint32",
      "uint32-array",
      "uint64-matrix",
    ])
    .describe("as dt-schema names it"),
  items: z.int().min(1).optional().describe("numbers of an array, or of each row of a matrix"),
  values: z.array(z.string()).min(1).optional().describe("the only values of a string"),
  required: z.boolean(),
  about: About,
});

export const Access = z.enum(["ro", "rw", "w1c", "wo"]);

const Field = z.strictObject({
  name: Upper,
  bits: z.string().regex(/^[0-9]+(:[0-9]+)?$/, 'bits are "15:8", or "8" for a single one'),
  enumeration: Lower.optional(),
  about: About,
});

const Register = z.strictObject({
  name: Upper,
  offset: Offset.describe("from the beginning of its block"),
  access: Access.describe("read only, read and write, write one to clear, write only"),
  reset: Word.optional().describe("value after a reset; 0, or what the hardware is, without"),
  enumeration: Lower.optional(),
  fields: z.array(Field).min(1).optional(),
  about: About,
});

const Block = z.strictObject({
  name: Lower,
  offset: Offset,
  stride: Offset.optional().describe("bytes from one instance to the next"),
  count: Upper.optional().describe("the limit that says how many there are at most"),
  about: About,
  registers: z.array(Register).min(1),
});

const Member = z.strictObject({
  name: Lower,
  type: z.enum(["u8", "le32", "le64"]),
  count: z.int().min(2).optional(),
  about: About,
});

const Structure = z.strictObject({
  name: Lower,
  size: z.int().min(1).describe("bytes"),
  about: About,
  fields: z.array(Member).min(1),
});

/** What firmware promises the kernel about a controller: contract/nvlink-fusion.yaml. */
export const Contract = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z
    .string({ error: 'a version is text: write it in quotes, as in "1.0"' })
    .regex(/^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$/, 'a version is major.minor, as in "1.0"'),
  about: About,
  compatibility: About,
  pci: z.strictObject({
    about: About,
    vendor: z.int().min(0).max(0xffff),
    device: z.int().min(0).max(0xffff),
    class: z.int().min(0).max(0xff_ffff),
    bars: z.array(z.strictObject({ bar: z.int().min(0).max(5), size: Word, about: About })).min(1),
  }),
  "device-tree": z.strictObject({
    compatible: z.string().regex(/^[a-z0-9]+,[a-z0-9-]+$/),
    properties: z.array(Property).min(1),
    link: z.strictObject({ node: Lower, properties: z.array(Property).min(1) }),
  }),
  limits: z.array(Named),
  enumerations: z.record(Lower, z.strictObject({ about: About, values: z.array(Named).min(1) })),
  "register-file": About,
  blocks: z.array(Block).min(1),
  structures: z.array(Structure),
  flags: z.array(Named),
  timings: z.array(Named).describe("milliseconds"),
  transitions: z.array(z.strictObject({ from: Upper.or(z.literal("any")), to: Upper, by: About })),
  iommu: z.strictObject({ "at-hand-over": z.array(About).min(1), "who-may-widen": z.array(About).min(1) }),
});

export type Contract = z.output<typeof Contract>;
export type Block = z.output<typeof Block>;
export type Register = z.output<typeof Register>;
export type Structure = z.output<typeof Structure>;
export type Property = z.output<typeof Property>;
