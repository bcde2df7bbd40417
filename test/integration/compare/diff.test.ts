import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comparison } from "../../../src/compare/comparison.ts";
import { lockVersion } from "../../../src/lock/lock-version.ts";
import { blobOf } from "../../support/device-tree-blob.ts";
import { elfOf } from "../../support/elf-file.ts";
import { runLine } from "../../unit/cli/fake-world.ts";
import { osv, sampleBom } from "../../unit/scan/sample.ts";
import { writeFolder } from "./release-folder.ts";

const scratch = mkdtempSync(join(tmpdir(), "nvlab-diff-"));
const [before, after] = [join(scratch, "before"), join(scratch, "after")];

function lockText(gcc: string): string {
  const locked = {
    name: "gcc-14",
    version: gcc,
    architecture: "amd64",
    suite: "trixie",
    source: "gcc-14",
    sourceVersion: gcc,
    pool: `pool/main/g/gcc-14/gcc-14_${gcc}_amd64.deb`,
    size: 1,
    sha256: "a".repeat(64),
  };
  return JSON.stringify({
    lockVersion,
    epoch: 1,
    sources: {},
    roots: { build: { recipe: "b".repeat(64), archiveTime: 1, packages: [locked] } },
  });
}

function files(newer: boolean): Record<string, Buffer | string> {
  const components = sampleBom.components.map((component) =>
    component.name === "linux" && newer
      ? { ...component, version: "6.18.20", cpe: "cpe:2.3:o:linux:linux_kernel:6.18.20:*:*:*:*:*:*:*" }
      : component,
  );
  return {
    "config/linux.config": newer
      ? "# a comment\nCONFIG_SMP=y\nCONFIG_KUNIT=m\n"
      : "CONFIG_DEBUG_FS=y\nCONFIG_SMP=y\n",
    "debug/vmlinux": elfOf({
      sections: { ".text": newer ? 5000 : 4096, ".bss": 512, ".debug_info": newer ? 9000 : 100 },
      symbols: newer ? { start_kernel: 800, nvlink_probe: 300 } : { start_kernel: 700 },
    }),
    "debug/System.map": newer ? "00000000 T a\n00000020 T b\n" : "00000000 T a\n00000010 T b\n",
    "board.dtb": blobOf({
      model: "board",
      memory: { reg: newer ? [0x80000000, 0x20000000] : [0x80000000, 0x10000000] },
    }),
    "fw.bin": "the same",
    "sbom.cdx.json": JSON.stringify({ ...sampleBom, components }),
    "nvlab.lock": lockText(newer ? "14.2.0-20" : "14.2.0-19"),
  };
}

beforeAll(() => {
  writeFolder(before, files(false));
  writeFolder(after, files(true), { releaseVersion: "1.3.0" });
});

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

async function compare(line: string): Promise<Comparison> {
  const { code, out, err } = await runLine(`--json diff ${line}`, { cwd: scratch });
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Comparison;
}

describe("nvlab diff", () => {
  it("tells every part of two releases that differs", async () => {
    const comparison = await compare("before after");
    expect(comparison.release).toEqual([{ name: "release version", before: "1.2.0", after: "1.3.0" }]);
    expect(comparison.configs).toEqual([
      {
        component: "linux",
        added: [{ option: "CONFIG_KUNIT", after: "m" }],
        removed: [{ option: "CONFIG_DEBUG_FS", before: "y" }],
        changed: [],
      },
    ]);
    expect(comparison.toolchain).toEqual([{ name: "build/gcc-14", before: "14.2.0-19", after: "14.2.0-20" }]);
    expect(comparison.artifacts.map(({ name }) => name)).toEqual([
      "board.dtb",
      "config/linux.config",
      "debug/System.map",
      "debug/vmlinux",
    ]);
    expect(comparison.programs).toEqual([
      {
        program: "debug/vmlinux",
        sections: [{ name: ".text", before: 4096, after: 5000 }],
        symbols: {
          from: "symbol table",
          added: 1,
          removed: 0,
          growth: 400,
          largest: [
            { name: "nvlink_probe", after: 300 },
            { name: "start_kernel", before: 700, after: 800 },
          ],
        },
      },
    ]);
    expect(comparison.deviceTrees).toEqual([
      {
        tree: "board.dtb",
        renumbered: 0,
        changes: [
          { name: "/memory:reg", before: "<0x80000000 0x10000000>", after: "<0x80000000 0x20000000>" },
        ],
      },
    ]);
    expect(comparison.sbom).toEqual([{ name: "linux", before: "6.18.15", after: "6.18.20" }]);
    expect(comparison.leftOut).toEqual([]);
  });

  it("tells vulnerabilities that came and went, with a database", async () => {
    const kernel = (id: string, introduced: string, fixed: string) =>
      osv(id, {
        package: { ecosystem: "Linux", name: "Kernel" },
        ranges: [{ type: "ECOSYSTEM", events: [{ introduced }, { fixed }] }],
      });
    writeFileSync(
      join(scratch, "db.json"),
      JSON.stringify([kernel("CVE-1-1", "0", "6.18.16"), kernel("CVE-1-2", "6.18.18", "6.19")]),
    );
    const { vulnerabilities } = await compare("before after --db db.json --no-vex");
    expect(vulnerabilities).toMatchObject([
      { id: "CVE-1-1", before: "affected" },
      { id: "CVE-1-2", after: "affected" },
    ]);
  });

  it("exits 0 whether or not there are differences, and like git with --exit-code", async () => {
    const codes = await Promise.all(
      ["before after", "before before", "--exit-code before after", "--exit-code before before"].map(
        async (line) => (await runLine(`diff ${line}`, { cwd: scratch })).code,
      ),
    );
    expect(codes).toEqual([0, 0, 1, 0]);
    expect((await runLine("diff before before", { cwd: scratch })).out).toBe("no difference\n");
  });

  it("writes Markdown for a pull request", async () => {
    const { out } = await runLine("diff before after --format markdown", { cwd: scratch });
    expect(out).toMatch(/^## before → after\n/);
    expect(out).toContain("| linux | CONFIG\\_KUNIT |  | m |");
  });

  it("compares manifests that lie alone, and says what that leaves out", async () => {
    mkdirSync(join(scratch, "alone"));
    for (const name of ["before", "after"])
      copyFileSync(join(scratch, name, "manifest.json"), join(scratch, "alone", `${name}.json`));
    const { release, artifacts, leftOut } = await compare("alone/before.json alone/after.json");
    expect([release.length, artifacts.length]).toEqual([1, 4]);
    expect(leftOut.map(({ part }) => part)).toEqual([
      "config/linux.config",
      "board.dtb",
      "debug/System.map",
      "debug/vmlinux",
    ]);
  });

  it("takes System.map where a program has no symbols", async () => {
    const bare = (newer: boolean) => ({
      "debug/vmlinux": elfOf({ sections: { ".text": newer ? 2 : 1 } }),
      "debug/System.map": newer ? "00000000 T a\n00000020 T b\n" : "00000000 T a\n00000010 T b\n",
    });
    for (const newer of [false, true]) writeFolder(join(scratch, `bare-${String(newer)}`), bare(newer));
    const { programs } = await compare("bare-false bare-true");
    expect(programs).toMatchObject([
      { program: "debug/vmlinux", sections: [{ name: ".text" }] },
      {
        program: "debug/System.map",
        symbols: { from: "System.map", largest: [{ name: "a", before: 16, after: 32 }] },
      },
    ]);
  });
});

describe("nvlab diff of what is damaged", () => {
  async function failure(
    line: string,
  ): Promise<{ code: number; failures: { code: string; message: string }[] }> {
    const { code, out } = await runLine(`--json diff ${line}`, { cwd: scratch });
    return { code, ...(JSON.parse(out) as { failures: { code: string; message: string }[] }) };
  }

  it("names what is not there, of both sides at once", async () => {
    const { code, failures } = await failure("nowhere neither");
    expect(code).toBe(2);
    expect(failures.map(({ message }) => message)).toEqual(["there is no nowhere", "there is no neither"]);
  });

  it("refuses a folder without manifest, and one whose manifest is none", async () => {
    mkdirSync(join(scratch, "empty"), { recursive: true });
    mkdirSync(join(scratch, "broken"), { recursive: true });
    writeFileSync(join(scratch, "broken/manifest.json"), '{"schemaVersion": 3');
    for (const name of ["empty", "broken"])
      expect(await failure(`before ${name}`)).toMatchObject({
        code: 1,
        failures: [{ code: "NVLAB_COMPARE" }],
      });
  });

  it("refuses an altered file, a missing one, and a device tree that is none", async () => {
    const make = (name: string): string => writeFolder(join(scratch, name), files(true));
    appendFileSync(join(make("altered"), "config/linux.config"), "CONFIG_EVIL=y\n");
    rmSync(join(make("missing"), "board.dtb"));
    writeFolder(join(scratch, "no-tree"), { ...files(true), "board.dtb": "no device tree" });
    expect((await failure("before altered")).failures[0]?.message).toMatch(
      /config\/linux\.config of altered was altered/,
    );
    expect((await failure("before missing")).failures[0]?.message).toMatch(
      /board\.dtb of missing cannot be read/,
    );
    expect((await failure("before no-tree")).failures[0]?.message).toMatch(
      /board\.dtb of no-tree: it does not begin/,
    );
  });
});
