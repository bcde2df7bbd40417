import { describe, expect, it } from "vitest";
import { qemuCommand } from "../../../src/boot/qemu-command.ts";
import { testedMachine } from "../../../src/boot/test-selection.ts";
import { Machine } from "../../../src/recipe/schema/machine.ts";

const given = { machine: "virt", bios: "fw.bin", kernel: "u-boot.bin", disks: ["disk.img"] };
const plain = Machine.parse(given);
const signed = Machine.parse({ ...given, "test-disks": ["test/disk.img"] });

describe("a machine whose command line is signed", () => {
  it("takes no words for the kernel", () => {
    const command = qemuCommand(signed, { images: "/images", console: "test", append: "quiet" });
    expect(command).toMatchObject({ ok: false, failures: [{ code: "NVLAB_USAGE" }] });
    expect(qemuCommand(plain, { images: "/images", console: "test", append: "quiet" }).ok).toBe(true);
  });

  it("runs its tests from disks of their own, without a word from QEMU", () => {
    const tested = testedMachine(signed, { type: "default" });
    if (!tested.ok) throw new Error(tested.failures[0]?.message);
    expect(tested.value.words).toBeUndefined();
    const command = qemuCommand(tested.value.machine, { images: "/images", console: "test" });
    const text = command.ok ? command.value.join(" ") : "";
    expect(text).toContain("file=/images/test/disk.img,");
    expect(text).not.toContain("/images/disk.img");
    expect(text).not.toContain("-append");
  });

  it("runs no other tests than those that its signed disks name", () => {
    for (const selection of [{ type: "all" } as const, { type: "named", names: ["network"] } as const]) {
      expect(testedMachine(signed, selection)).toMatchObject({ ok: false });
      expect(testedMachine(plain, selection)).toMatchObject({ ok: true });
    }
  });

  it("has a disk for tests in place of each of its disks", () => {
    expect(Machine.safeParse({ ...given, "test-disks": [] }).success).toBe(false);
    expect(Machine.safeParse({ ...given, "test-disks": ["a.img", "b.img"] }).success).toBe(false);
  });
});
