import fc from "fast-check";
import type { FakeController, FakeLink } from "./fake-sysfs.ts";

const states = [
  "OFF",
  "HS",
  "HS",
  "HS",
  "SAFE",
  "FAULT",
  "RECOVERY",
  "FAIL",
  "DETECT",
  "RESET",
  "INITTL",
  "SLEEP",
];

/** What a broken or newer driver could show: strange bytes, or nothing. */
const strange = fc.option(
  fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom(
      '"',
      "\\",
      '\\"} 1',
      "a\nb",
      "ü\u0000",
      "-1",
      "0x",
      "18446744073709551616",
      "9".repeat(200),
    ),
  ),
  { nil: undefined },
);

const linkNames = ["state", "error", "peer", "lanes", "speed_mbps", "tx_bytes", "ecc_errors", "resets"];
const controllerNames = ["state", "contract_version", "serial", "firmware_state", "generation", "resets"];

const some = (names: readonly string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...names), strange) },
  );

function symmetric(gpus: number): fc.Arbitrary<number[][]> {
  return fc
    .array(fc.constantFrom(0, 0, 1, 2, 15), { minLength: gpus * gpus, maxLength: gpus * gpus })
    .map((values) =>
      Array.from({ length: gpus }, (_, a) =>
        Array.from({ length: gpus }, (__, b) =>
          a === b ? 0 : (values[Math.min(a, b) * gpus + Math.max(a, b)] ?? 0),
        ),
      ),
    );
}

function links(gpus: number): fc.Arbitrary<FakeLink[]> {
  const peers = ["host0", "none", ...Array.from({ length: gpus }, (_, gpu) => `gpu${gpu}`)];
  const link = fc.record({
    peer: fc.constantFrom(...peers),
    state: fc.constantFrom(...states),
    attributes: some(linkNames),
  });
  return fc.array(link, { maxLength: 16 });
}

const controller = (number: number): fc.Arbitrary<FakeController> =>
  fc.integer({ min: 0, max: 12 }).chain((gpus) =>
    fc.record(
      {
        number: fc.constant(number),
        state: fc.constantFrom("alive", "alive", "alive", "lost", "resetting"),
        bridge: fc.constantFrom("pci0000:00", "pci0001:00"),
        numa: fc.constantFrom(0, 1),
        links: links(gpus),
        adjacency: symmetric(gpus),
        attributes: some(controllerNames),
      },
      { requiredKeys: ["number", "state", "bridge", "links", "adjacency", "attributes"] },
    ),
  );

/** Machines of up to three controllers, some of whose attributes are strange. */
export const randomMachine: fc.Arbitrary<FakeController[]> = fc
  .subarray([0, 1, 2])
  .chain((numbers) => fc.tuple(...numbers.map(controller)).map((controllers) => [...controllers]));
