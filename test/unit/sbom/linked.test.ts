import fc from "fast-check";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LockedPackage } from "../../../src/lock/lock.ts";
import { findLinked } from "../../../src/sbom/find-linked.ts";
import { libraryPurl, linkedLibrary } from "../../../src/sbom/linked-library.ts";
import { archiveMembers } from "../../../src/sbom/read-archive.ts";
import { readElf, type ReadAt } from "../../../src/sbom/read-elf.ts";
import { temporaryFolder } from "../../support/project.ts";
import { archiveFile, elfFile } from "./elf-file.ts";

const reader =
  (bytes: Buffer): ReadAt =>
  (offset, length) =>
    bytes.subarray(offset, offset + length);

const locked = (name: string, more: Partial<LockedPackage>): LockedPackage => ({
  name,
  version: "1",
  architecture: "all",
  suite: "trixie",
  source: name,
  sourceVersion: "1",
  pool: `pool/main/x/${name}_1_all.deb`,
  size: 1,
  sha256: "ab".repeat(32),
  ...more,
});

const packages = [
  locked("libc6-dev", {
    version: "2.41-12",
    architecture: "amd64",
    source: "glibc",
    sourceVersion: "2.41-12",
  }),
  locked("libc6-dev-riscv64-cross", {
    version: "2.41-11cross1",
    source: "cross-toolchain-base",
    sourceVersion: "77",
    builtUsing: "binutils (= 2.44-3), linux (= 6.12.38-1), gcc-14 (= 14.2.0-19), glibc (= 2.41-11)",
  }),
  locked("libgcc-14-dev-riscv64-cross", {
    version: "14.2.0-19cross1",
    source: "gcc-14-cross",
    sourceVersion: "9",
    builtUsing: "gcc-14 (= 14.2.0-19)",
  }),
];

describe("what is linked statically", () => {
  it("is read from a program's headers and symbols", () => {
    const program = elfFile({ abiTag: true, files: ["main.c", "_clzsi2.o"] });
    expect(readElf(reader(program))).toEqual({
      machine: 243,
      interpreter: false,
      gnuLinux: true,
      files: new Set(["main.c", "_clzsi2.o"]),
    });
    expect(readElf(reader(elfFile({ interpreter: true })))).toMatchObject({
      interpreter: true,
      gnuLinux: false,
    });
  });

  it("is not read from what is no such program, and nothing that is damaged throws", () => {
    expect(readElf(reader(Buffer.from("#!/bin/sh\n")))).toBeUndefined();
    const program = elfFile({ abiTag: true, interpreter: true, files: ["main.c"] });
    fc.assert(
      fc.property(
        fc.nat(program.length - 1),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(program.length),
        (at, byte, end) => {
          const damaged = Buffer.from(program);
          damaged.writeUInt8(byte, at);
          readElf(reader(damaged));
          readElf(reader(damaged.subarray(0, end)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("finds members of a static library by their short and long names", () => {
    const names = ["_clzsi2.o", "a-name-that-is-too-long-for-the-header.o", "div.o"];
    expect([...(archiveMembers(reader(archiveFile(names))) ?? [])]).toEqual(names);
    expect(archiveMembers(reader(Buffer.from("!<thin>\n")))).toBeUndefined();
    expect(archiveMembers(reader(Buffer.from(`!<arch>\n${"x".repeat(60)}`)))).toBeUndefined();
  });

  it("is the C library and the compiler's for a static program, the compiler's alone for a boot loader", () => {
    const root = temporaryFolder();
    const library = join(root, "usr/lib/gcc-cross/riscv64-linux-gnu/14");
    mkdirSync(library, { recursive: true });
    writeFileSync(join(library, "libgcc.a"), archiveFile(["_clzsi2.o"]));
    const linkedIn = (program: Buffer): string[] => {
      const output = temporaryFolder();
      mkdirSync(join(output, "bin"));
      writeFileSync(join(output, "bin/program"), program);
      return findLinked(output, root).map((found) => `${found.library} ${found.architecture}`);
    };
    expect(linkedIn(elfFile({ abiTag: true }))).toEqual(["c riscv64", "gcc riscv64"]);
    expect(linkedIn(elfFile({ abiTag: true, machine: 62 }))).toEqual(["c amd64", "gcc amd64"]);
    expect(linkedIn(elfFile({ files: ["start.o", "_clzsi2.o"] }))).toEqual(["gcc riscv64"]);
    expect(linkedIn(elfFile({ files: ["start.o", "clz_ctz.c"] }))).toEqual([]);
    expect(linkedIn(elfFile({ abiTag: true, interpreter: true }))).toEqual([]);
  });

  it("is named by Built-Using where the package was made for cross building", () => {
    const found = linkedLibrary({ library: "c", architecture: "riscv64" }, packages);
    expect(found && libraryPurl(found)).toBe("pkg:deb/debian/glibc@2.41-11?arch=source&distro=trixie");
    expect(found).toMatchObject({
      license: "LGPL-2.1-or-later",
      cpe: "cpe:2.3:a:gnu:glibc:2.41:*:*:*:*:*:*:*",
    });
    expect(linkedLibrary({ library: "gcc", architecture: "riscv64" }, packages)).toMatchObject({
      name: "gcc-14",
      version: "14.2.0-19",
    });
  });

  it("is the package's own source where it was not, and unknown where no package has it", () => {
    expect(linkedLibrary({ library: "c", architecture: "amd64" }, packages)).toMatchObject({
      name: "glibc",
      version: "2.41-12",
    });
    expect(linkedLibrary({ library: "gcc", architecture: "amd64" }, packages)).toBeUndefined();
  });
});
