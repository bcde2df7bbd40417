import { describe, expect, it } from "vitest";
import type { Marks } from "../../../src/reproduce/cause.ts";
import { explainDifference } from "../../../src/reproduce/explain.ts";

const marks: Marks = {
  paths: ["/home/one/build", "/a-much-longer-path"],
  hostnames: ["ursa", "varied-host"],
  homes: ["/nonexistent/home-of-second"],
  environment: ["NVLAB_VARIED_ENVIRONMENT"],
  users: ["12345", "varied-user"],
  cpus: ["8", "1"],
  locales: ["et_EE.UTF-8"],
  years: ["2026", "2027"],
};

function causes(one: string | Buffer, other: string | Buffer): string[] {
  const bytes = (text: string | Buffer): Buffer =>
    typeof text === "string" ? Buffer.from(text, "latin1") : text;
  return explainDifference(bytes(one), bytes(other), marks).map(({ cause }) => cause);
}

const binary = (text: string): string => `\u007fELF\0\0\u0001${text}\0\0\0tail\0`;

describe("explainDifference", () => {
  it.each([
    ["a date or time", binary("built Nov 25 2026 20:19:13"), binary("built Dec 30 2027 20:19:15")],
    ["a date or time", "version 2026-11\n", "version 2027-12\n"],
    ["the path of the build", binary("/home/one/build/x.c"), binary("/a-much-longer-path/x.c")],
    ["the name of the host", "root@ursa\n", "root@varied-host\n"],
    ["the home folder", "/root/.config\n", "/nonexistent/home-of-second/.config\n"],
    ["a variable of the environment, or PATH", "A=1\n", "NVLAB_VARIED_ENVIRONMENT=x\n"],
    ["the release of the running kernel", "on 6.18.44-x\n", "on 2.6.78-x\n"],
    ["the time zone", "00:00 -1200\n", "00:00 +1400\n"],
    [
      "a random id",
      binary("9b2f7c1e-5d0a-4b6e-8f3c-1a2b3c4d5e6f"),
      binary("0d5e2a7b-1c9f-4e38-a6b4-7f6e5d4c3b2a"),
    ],
    ["an address in memory", "at 0x7ffd1e8c2000\n", "at 0x7ffffffde000\n"],
    ["the number of CPUs", "jobs: 8\n", "jobs: 1\n"],
    ["the modes of files under another umask", "-rw-r--r-- file\n", "-rw-rw-r-- file\n"],
    ["the user or group", "uid 1000\n", "uid 12345\n"],
    ["a random number", "seed deadbeefdeadbeef00\n", "seed 0123456789abcdef77\n"],
  ])("finds %s", (cause, one, other) => {
    expect(causes(one, other)).toContain(cause);
  });

  it("finds an order in lines, in words and in a binary's strings", () => {
    for (const [one, other] of [
      ["one\ntwo\nthree\n", "three\none\ntwo\n"],
      ["one two three", "three two one"],
      [binary("first_name\0other_name"), binary("other_name\0first_name")],
    ] as const) {
      expect(causes(one, other)[0]).toMatch(/^an order/);
    }
  });

  it("finds a time in binary, of either byte order", () => {
    for (const write of ["writeUInt32LE", "writeUInt32BE"] as const) {
      const [one, other] = [Buffer.alloc(16, 1), Buffer.alloc(16, 1)];
      one[write](1_795_000_000, 8);
      other[write](1_829_560_000, 8);
      expect(causes(one, other)).toEqual(["a date or time, in binary"]);
    }
  });

  it("says nothing where nothing is known, and of equal files", () => {
    expect(causes("apple\n", "pear\n")).toEqual([]);
    expect(causes("same", "same")).toEqual([]);
    expect(causes("", "more text here\n")).toEqual([]);
  });

  it("shows nothing that could drive a terminal", () => {
    const [cause] = explainDifference(
      Buffer.from("\u001b]0;x\u0007 2026-11-25 one\n"),
      Buffer.from("\u001b]0;x\u0007 2027-12-30 two\n"),
      marks,
    );
    expect(cause?.found.join("")).not.toMatch(/\p{Cc}/u);
  });
});
