import { expect, test } from "vitest";
import { requestLine, usageOf } from "../../../src/lab/request.ts";
import type { VerbName } from "../../../src/lab/request.ts";

function line(text: string): string {
  const [verb, ...words] = text.split(" ");
  const result = requestLine(verb as VerbName, words);
  return result.ok ? result.value : `${result.failures[0]?.code ?? ""}: ${result.failures[0]?.message ?? ""}`;
}

test.each([
  ["link 0 down", "link 0 down"],
  ["link 15 reset", "link 15 reset"],
  ["link 1 fail 3", "link 1 fail 3"],
  ["link 1 fail always", "link 1 fail always"],
  ["link 0 errors crc_flit 1000", "link 0 errors crc_flit 1000"],
  ["link 0 limit 100", "link 0 limit 100"],
  ["dma stuck 1", "dma stuck 1"],
  ["dma hang", "dma hang"],
  ["fatal", "fatal"],
  ["contract 2.0", "contract 2.0"],
  ["register 0x4 0x20000", "register 4 131072"],
  ["register 0x4", "register 4"],
  ["doorbell 0 0xffffffff", "doorbell 0 4294967295"],
  ["gpu 0 checksum 0 0x4000000", "gpu 0 checksum 0 67108864"],
  ["gpu 0 write 16 DEADbeef", "gpu 0 write 16 deadbeef"],
  ["gpu 0 read 18446744073709551615 256", "gpu 0 read 18446744073709551615 256"],
])("'%s' is sent as '%s'", (given, sent) => {
  expect(line(given)).toBe(sent);
});

test.each([
  ...["link", "link 0", "link 16 down", "link -1 down", "link 0 sideways", "link 0 down now", "link 0 fail"],
  ...["link 0 fail 4294967296", "link 0 errors rust 1", "link 0 limit 1000001", "link 0 limit 1e3"],
  ...["dma", "dma stuck", "dma hang 1", "fatal now", "contract 2", "contract 2.0.1", "register 0x10000"],
  ...["register 0 0x100000000", "doorbell 0", "gpu 0 read 0 257", "gpu 0 write 0 abc", "gpu 0 write 0"],
  "gpu 0 checksum 0 18446744073709551616",
])("'%s' is not sent", (given) => {
  expect(line(given)).toMatch(/^NVLAB_USAGE: a controller does not understand/);
});

test("a word cannot bring a second command with it", () => {
  for (const word of ["0\nquit", "0 down\nquit", "\n", ""]) {
    expect(requestLine("link", [word, "down"]).ok).toBe(false);
  }
});

test("a refusal lists the forms that there are", () => {
  const result = requestLine("dma", []);
  expect(result.ok ? "" : result.failures[0]?.hint).toBe("it takes: dma stuck COUNT; dma hang|free");
  expect(usageOf("link")).toContain("link LINK errors replay|recovery|crc_flit|crc_data|ecc COUNT");
});
