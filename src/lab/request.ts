import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";

/** A place of a command: what a person may write there, and what the model is sent. */
interface Slot {
  readonly name: string;
  readonly read: (word: string) => string | undefined;
}

const words = (...choices: readonly string[]): Slot => ({
  name: choices.join("|"),
  read: (word) => (choices.includes(word) ? word : undefined),
});

/** A number, decimal or 0x…, of at most 64 bits. */
const number = (name: string, max = 2n ** 64n - 1n): Slot => ({
  name,
  read: (word) => {
    if (!/^(\d{1,20}|0x[0-9a-f]{1,16})$/i.test(word)) return undefined;
    const value = BigInt(word);
    return value <= max ? String(value) : undefined;
  },
});

const matching = (name: string, pattern: RegExp): Slot => ({
  name,
  read: (word) => (pattern.test(word) ? word.toLowerCase() : undefined),
});

const link = number("LINK", 15n);
const gpu = number("GPU", 15n);
const count = number("COUNT", 2n ** 32n - 1n);
const register = number("OFFSET", 0xffffn);

interface Verb {
  readonly summary: string;
  readonly example: string;
  readonly forms: readonly (readonly Slot[])[];
}

/** What can be done to a controller; each form is a line that its model takes. */
export const verbs = {
  link: {
    summary: "take a link down and up, let its training fail, give it errors or a speed limit",
    example: "link 0 errors crc_flit 100",
    forms: [
      [link, words("down", "up", "reset")],
      [link, words("fail"), words("always", "never")],
      [link, words("fail"), count],
      [link, words("errors"), words("replay", "recovery", "crc_flit", "crc_data", "ecc"), count],
      [link, words("limit"), number("MBPS", 1_000_000n)],
    ],
  },
  dma: {
    summary: "let the next transfers make no progress, or hang for good, until freed",
    example: "dma stuck 1",
    forms: [[words("stuck"), count], [words("hang", "free")]],
  },
  fatal: { summary: "stop the controller by a fatal error", example: "fatal", forms: [[]] },
  remove: { summary: "take the controller out by surprise", example: "remove", forms: [[]] },
  insert: { summary: "put it back, as after power-on", example: "insert", forms: [[]] },
  reset: {
    summary: "reset the controller, as its own firmware would",
    example: "reset --controller nvlink1",
    forms: [[]],
  },
  contract: {
    summary: "let it say another version of the contract",
    example: "contract 2.0",
    forms: [[matching("MAJOR.MINOR", /^\d{1,5}\.\d{1,5}$/)]],
  },
  register: {
    summary: "let a register lie, or tell the truth again",
    example: "register 0x0 0xffffffff",
    forms: [[register], [register, number("VALUE", 2n ** 32n - 1n)]],
  },
  doorbell: {
    summary: "let a GPU ring",
    example: "doorbell 0 42",
    forms: [[gpu, number("VALUE", 2n ** 32n - 1n)]],
  },
  gpu: {
    summary: "read, write or sum up a GPU's memory behind the driver's back",
    example: "gpu 0 checksum 0 4096",
    forms: [
      [gpu, words("checksum"), number("OFFSET"), number("LENGTH")],
      [gpu, words("read"), number("OFFSET"), number("LENGTH", 256n)],
      [gpu, words("write"), number("OFFSET"), matching("HEX", /^([0-9a-f]{2}){1,256}$/i)],
    ],
  },
  quit: { summary: "end the model, as if the controller had died", example: "quit", forms: [[]] },
} as const satisfies Readonly<Record<string, Verb>>;

export type VerbName = keyof typeof verbs;

/** The lines that a verb takes, as a person reads them. */
export function usageOf(verb: VerbName): string[] {
  return verbs[verb].forms.map((form) => [verb, ...form.map(({ name }) => name)].join(" "));
}

/** The line for the model. Fails with NVLAB_USAGE where the words fit none of the verb's forms. */
export function requestLine(verb: VerbName, given: readonly string[]): Result<string> {
  for (const form of verbs[verb].forms) {
    const read = form.map((slot, index) => slot.read(given[index] ?? ""));
    const fits = form.length === given.length && read.every((word) => word !== undefined);
    if (fits) return ok([verb, ...read].join(" "));
  }
  const failure: Failure = {
    code: "NVLAB_USAGE",
    message: `a controller does not understand '${[verb, ...given].join(" ")}'`,
    hint: `it takes: ${usageOf(verb).join("; ")}`,
  };
  return failed(failure);
}
