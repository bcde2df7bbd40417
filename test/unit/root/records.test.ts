import { expect, test } from "vitest";
import { lockedPackage, parseMadison } from "../../../src/root/apt-records.ts";
import { aptConfiguration, sourceLines } from "../../../src/root/apt-root.ts";
import { compareVersions } from "../../../src/root/debian-version.ts";
import { parseSimulation, parseUnmet } from "../../../src/root/solve.ts";
import { parseSources } from "../../../src/root/source-records.ts";
import { parseStanzas } from "../../../src/root/stanza.ts";
import { inTrack, isInTrack, parseOrigName } from "../../../src/root/track.ts";

test("versions are ordered as dpkg orders them", () => {
  const sorted = ["1.0~rc1", "1.0", "1.0-1~bpo13+1", "1.0-1", "1.0-1+b1", "1.0+ds", "1.9", "1.10", "1:0.1"];
  expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted);
  expect(compareVersions("1.0", "1.0")).toBe(0);
  expect(compareVersions("1.a", "1.+")).toBeLessThan(0);
});

test("a track holds its own version and the ones below it, and nothing that only begins alike", () => {
  expect(["6.18", "6.18.15", "6.18+ds"].every((version) => isInTrack(version, "6.18"))).toBe(true);
  expect(["6.180", "6.1", "6.19.1"].some((version) => isInTrack(version, "6.18"))).toBe(false);
  const files = [
    "linux_6.18.5.orig.tar.xz",
    "linux_6.18.15.orig.tar.xz",
    "linux_6.18.15-1.dsc",
    "linux_6.12.1.orig.tar.xz",
  ];
  const found = inTrack(
    files.map((file) => ({ file })),
    "linux",
    "6.18",
  );
  expect(found.map(({ file }) => file)).toEqual(["linux_6.18.15.orig.tar.xz", "linux_6.18.5.orig.tar.xz"]);
  expect(parseOrigName("linux_6.18.5-1.debian.tar.xz")).toBeUndefined();
});

test("a package's paragraph becomes an entry with its source and what it was built with", () => {
  const [stanza] = parseStanzas(
    `Package: gcc-14\nSource: gcc-14 (14.2.0-18)\nVersion: 14.2.0-19\nArchitecture: amd64\nBuilt-Using: binutils (= 2.44),\n glibc (= 2.41)\nFilename: pool/main/g/gcc-14/gcc-14_14.2.0-19_amd64.deb\nSize: 12\nSHA256: ${"a".repeat(64)}\nDescription: x\n more\n`,
  );
  expect(stanza && lockedPackage(stanza, "trixie")).toEqual({
    name: "gcc-14",
    version: "14.2.0-19",
    architecture: "amd64",
    suite: "trixie",
    source: "gcc-14",
    sourceVersion: "14.2.0-18",
    builtUsing: "binutils (= 2.44), glibc (= 2.41)",
    pool: "pool/main/g/gcc-14/gcc-14_14.2.0-19_amd64.deb",
    size: 12,
    sha256: "a".repeat(64),
  });
});

test("a paragraph without a digest is no entry", () => {
  const [stanza] = parseStanzas("Package: x\nVersion: 1\nSize: 12\nFilename: pool/x\n");
  expect(stanza && lockedPackage(stanza, "trixie")).toBeUndefined();
});

test("madison's lines give the suite of each version", () => {
  const text =
    " hello | 2.10-5 | http://a.example/debian trixie/main amd64 Packages\n linux | 6.18.15-1 | file:/srv/m x-backports/main Sources\n";
  expect(parseMadison(text)).toEqual([
    { name: "hello", version: "2.10-5", suite: "trixie" },
    { name: "linux", version: "6.18.15-1", suite: "x-backports" },
  ]);
});

test("files of a source package come with their digest and pool path", () => {
  const text = `Package: hello\nVersion: 2-1\nDirectory: pool/main/h/hello\nChecksums-Sha256:\n ${"b".repeat(64)} 17 hello_2.orig.tar.gz\n ${"c".repeat(64)} 5 hello_2-1.dsc\n`;
  expect(parseSources(text, new Map([["2-1", "trixie"]]))[0]).toEqual({
    file: "hello_2.orig.tar.gz",
    size: 17,
    sha256: "b".repeat(64),
    pool: "pool/main/h/hello/hello_2.orig.tar.gz",
    suite: "trixie",
  });
  expect(parseSources(text, new Map())).toEqual([]);
});

test("what apt would install and remove is read from its simulation", () => {
  const text = [
    "Remv old [1-1]",
    "Inst new (2-1 Debian:13.8/stable, Debian-Security:13/stable-security [amd64])",
    "Inst changed [1:1-1] (1:2-1 Debian:13.8/stable [all]) []",
    "Conf new (2-1 Debian:13.8/stable [amd64])",
  ].join("\n");
  expect(parseSimulation(text)).toEqual({
    install: [
      { name: "new", version: "2-1" },
      { name: "changed", version: "1:2-1" },
    ],
    remove: ["old"],
  });
});

test("who needs what is read from apt's explanation", () => {
  const text = [
    "The following packages have unmet dependencies:",
    " qemu : Depends: qemu-common (= 11) but 10 is to be installed",
    "        Depends: qemu-data (> 11) but 10 is to be installed",
    " other:amd64 : PreDepends: base but it is not installable",
  ].join("\n");
  expect(parseUnmet(text)).toEqual([
    { by: "qemu", on: "qemu-common" },
    { by: "qemu", on: "qemu-data" },
    { by: "other", on: "base" },
  ]);
});

test("the private apt takes over how the host reaches mirrors, and nothing else", () => {
  const host =
    'Acquire::http::Proxy "http://p:1";\nAcquire::IndexTargets::deb::X "y";\nAcquire::Check-Valid-Until "0";\n';
  const text = aptConfiguration("/c/apt", host);
  expect(text).toContain('Acquire::http::Proxy "http://p:1";');
  expect(text).toContain("Check-Valid-Until");
  expect(text).not.toContain("IndexTargets");
  expect(text).toContain('APT::Sandbox::User "root";');
});

test("security suites and folders get their own lines", () => {
  const request = { suites: ["trixie", "trixie-security"], kind: "deb", keyring: "/k.gpg" } as const;
  expect(sourceLines({ ...request, base: "/srv/my mirror" })).toBe(
    "deb [signed-by=/k.gpg] file:/srv/my%20mirror trixie main\n" +
      "deb [signed-by=/k.gpg] file:/srv/my%20mirror-security trixie-security main\n",
  );
});
