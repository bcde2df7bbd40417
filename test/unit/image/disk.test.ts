import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derivedUuid } from "../../../src/image/derived-uuid.ts";
import { checkDisk } from "../../../src/image/disk-check.ts";
import { renderDisk } from "../../../src/image/disk.ts";
import { DiskStep } from "../../../src/recipe/schema/image.ts";

const boot = {
  name: "boot",
  size: "48M",
  filesystem: "fat16",
  bootable: true,
  files: { "boot.itb": "boot.itb" },
};
const data = {
  name: "data",
  type: "linux",
  size: "8M",
  filesystem: "ext4",
  files: { "etc/modules": "linux/modules" },
};
const env = { name: "env", type: "linux", size: "1M", filesystem: "raw", files: { env: "u-boot/env.bin" } };

function disk(size: string, ...partitions: unknown[]): DiskStep["disk"] {
  return DiskStep.parse({ disk: { size, partitions } }).disk;
}

describe("derivedUuid", () => {
  it("is of version 5 and the RFC's variant, for every name", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(derivedUuid(name)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it("is the same for the same name, today and tomorrow, and another for another", () => {
    expect(derivedUuid("qemu-virt/disk.img")).toBe("324681fa-629b-543b-bfd9-c3edfbc84e07");
    expect(derivedUuid("qemu-virt/disk2.img")).not.toBe(derivedUuid("qemu-virt/disk.img"));
  });
});

describe("checkDisk", () => {
  it("accepts a sound layout", () => {
    expect(checkDisk(disk("64M", boot, data, env))).toEqual([]);
  });

  it.each([
    ["partitions larger than the disk", disk("57M", boot, data), "need 58M with 2M for the partition tables"],
    ["two partitions of one name", disk("64M", env, env), "two partitions are named env"],
    [
      "a FAT32 that is too small",
      disk("64M", { ...boot, filesystem: "fat32", size: "32M" }),
      "fat32 needs at least 33M",
    ],
    ["a raw partition without a file", disk("64M", { ...env, files: {} }), "exactly one file, it names 0"],
    ["a raw partition with two files", disk("64M", { ...env, files: { a: "x/a", b: "x/b" } }), "it names 2"],
    [
      "names that differ only in case on FAT",
      disk("64M", { ...boot, files: { a: "x/a", A: "x/b" } }),
      "FAT takes A",
    ],
    [
      "a file below another file",
      disk("64M", { ...boot, files: { a: "x/a", "a/b": "x/b" } }),
      "a/b lies below",
    ],
  ])("refuses %s", (_, layout, message) => {
    expect(checkDisk(layout).join("\n")).toContain(message);
  });
});

describe("renderDisk", () => {
  const rendered = renderDisk(disk("64M", boot, data, env), "disk.img", "qemu-virt");

  it("gives bash that parses", () => {
    execFileSync("bash", ["-n"], { input: rendered.script });
  });

  it("reads the outputs that the partitions name", () => {
    expect(rendered.references).toEqual(["boot.itb", "linux/modules", "u-boot/env.bin"]);
  });

  it("gives every partition identifiers of its own that depend only on names", () => {
    const layout = rendered.texts["disk.img.genimage"] ?? "";
    const ids = [...layout.matchAll(/-uuid = "([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id) => id?.[14] === "5")).toHaveLength(4);
    const again = renderDisk(disk("64M", boot, data, env), "disk.img", "qemu-virt");
    expect(again).toEqual(rendered);
    const other = renderDisk(disk("64M", boot, data, env), "disk.img", "unmatched");
    expect(other.texts["disk.img.genimage"]).not.toBe(layout);
  });

  it("fixes what file systems would take from chance and clock", () => {
    expect(rendered.script).toContain("mkfs.vfat --invariant");
    expect(rendered.script).toContain('-E "hash_seed=$3,root_owner=0:0"');
    expect(rendered.script).toContain('--mtime="@$SOURCE_DATE_EPOCH"');
  });
});
