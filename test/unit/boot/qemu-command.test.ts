import { describe, expect, it } from "vitest";
import { machineRun } from "../../../src/boot/machine-run.ts";
import { missingImages } from "../../../src/boot/missing-images.ts";
import { qemuCommand } from "../../../src/boot/qemu-command.ts";
import { gdbHint, shellCommand } from "../../../src/boot/shell-command.ts";
import { Machine } from "../../../src/recipe/schema/machine.ts";

const machine = Machine.parse({
  machine: "virt,aia=aplic-imsic",
  bios: "fw_dynamic.bin",
  kernel: "u-boot.bin",
  disks: ["disk.img"],
  devices: ["virtio-rng-pci", { driver: "i6300esb", addr: "a.0" }],
});

const controller = { slot: "10", serial: 7, links: ["gpu0", "host0"], gpus: ["64M"] };

const lab = Machine.parse({
  ...machine,
  model: "model/nvlink-model",
  controllers: [
    { ...controller, name: "nvlink0" },
    { ...controller, name: "nvlink1", slot: "11" },
  ],
  iommu: { slot: "1e" },
});

const bare = Machine.parse({ machine: "virt", bios: "fw_payload.bin", network: false });

function command(
  options: Partial<Parameters<typeof qemuCommand>[1]> = {},
  of: Machine = machine,
): readonly string[] {
  const result = qemuCommand(of, { images: "/images", console: "test", ...options });
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.value;
}
const after = (option: string, words: readonly string[]): string | undefined =>
  words[words.indexOf(option) + 1];

describe("the QEMU command", () => {
  it("starts the machine as its recipe says", () => {
    expect(command().join(" ")).toBe(
      "qemu-system-riscv64 -nodefaults -display none -M virt,aia=aplic-imsic -cpu rv64 -smp 2 -m 512M " +
        "-bios /images/fw_dynamic.bin -kernel /images/u-boot.bin " +
        "-drive if=none,id=disk0,file=/images/disk.img,format=raw,snapshot=on -netdev user,id=net0 " +
        '-device {"driver":"virtio-blk-pci","addr":"1.0","drive":"disk0"} ' +
        '-device {"driver":"virtio-net-pci","addr":"8.0","netdev":"net0","romfile":""} ' +
        '-device {"driver":"virtio-rng-pci"} -device {"driver":"i6300esb","addr":"a.0"} ' +
        "-chardev stdio,id=console,signal=off -serial chardev:console -no-reboot",
    );
  });

  it("makes controllers first and the IOMMU last, because QEMU hangs where they come in another order", () => {
    const words = command({ sockets: "/lab" }, lab);
    const devices = words.filter((_, index) => words[index - 1] === "-device");
    expect(devices.map((device) => (JSON.parse(device) as { driver: string }).driver)).toEqual([
      ...["vfio-user-pci", "vfio-user-pci", "virtio-blk-pci", "virtio-net-pci"],
      ...["virtio-rng-pci", "i6300esb", "riscv-iommu-pci"],
    ]);
    expect(devices[1]).toBe(
      '{"driver":"vfio-user-pci","id":"nvlink1","addr":"11.0","socket":{"type":"unix","path":"/lab/nvlink1.sock"}}',
    );
    expect(devices.at(-1)).toBe('{"driver":"riscv-iommu-pci","addr":"1e.0"}');
  });

  it("gives a person the console with the monitor behind it", () => {
    const words = command({ console: "person" });
    expect(after("-serial", words)).toBe("mon:stdio");
    expect(words).not.toContain("-no-reboot");
  });

  it("leaves out what the machine does not have", () => {
    const words = command({}, bare);
    for (const option of ["-kernel", "-drive", "-netdev", "-device", "-dtb", "-append"]) {
      expect(words).not.toContain(option);
    }
  });

  it("takes a device tree of the recipe's", () => {
    expect(after("-dtb", command({}, { ...machine, "device-tree": "qemu-virt.dtb" }))).toBe(
      "/images/qemu-virt.dtb",
    );
  });

  it("adds words for the kernel as one argument", () => {
    expect(after("-append", command({ append: " nvlab.test 'quoted' " }))).toBe("nvlab.test 'quoted'");
    expect(command({ append: "  " })).not.toContain("-append");
  });

  it("refuses words that could not reach the kernel", () => {
    for (const [of, append] of [
      [bare, "quiet"],
      [machine, "quiet\ninit=/evil"],
      [machine, "a\0b"],
    ] as const) {
      expect(qemuCommand(of, { images: "/images", console: "test", append })).toMatchObject({
        ok: false,
        failures: [{ code: "NVLAB_USAGE" }],
      });
    }
  });

  it("waits for gdb on a socket", () => {
    const words = command({ gdbSocket: "/gdb/gdb.socket" });
    expect(after("-gdb", words)).toBe("unix:/gdb/gdb.socket,server=on,wait=off");
    expect(words).toContain("-S");
  });
});

describe("the machine's sandbox", () => {
  const request = { machine, root: "/cache/roots/a/tree", images: "/my out", console: "person" } as const;

  it("sees the images and cannot write to them", () => {
    const run = machineRun(request);
    expect(run).toMatchObject({
      ok: true,
      value: { mounts: [{ host: "/my out", at: "/images", writable: false }], root: "/cache/roots/a/tree" },
    });
  });

  it("has one folder to write to for gdb", () => {
    expect(machineRun({ ...request, gdbFolder: "/tmp/g" })).toMatchObject({
      value: { mounts: [{}, { host: "/tmp/g", at: "/gdb", writable: true }] },
    });
  });

  it("hands on what is wrong with the request", () => {
    expect(machineRun({ ...request, append: "\n\0" })).toMatchObject({ ok: false });
  });

  it("prints as a line that a shell reads back", () => {
    const run = machineRun({ ...request, gdbFolder: "/tmp/g", append: "it's quiet" });
    if (!run.ok) throw new Error("no run");
    const line = shellCommand(run.value);
    expect(line).toMatch(
      /^mkdir -p \/tmp\/g && \/cache\/roots\/a\/tree\/usr\/lib\/x86_64-linux-gnu\/ld-linux/,
    );
    expect(line).toContain(" --ro-bind '/my out' /images ");
    expect(line).toContain(" -append 'it'\\''s quiet' ");
    expect(line).not.toContain("\n");
  });
});

describe("words for a shell", () => {
  it("tell how to attach gdb", () => {
    expect(gdbHint("/o/debug/vmlinux", "/tmp/g")).toBe(
      "gdb-multiarch /o/debug/vmlinux -ex 'target remote /tmp/g/gdb.socket'",
    );
  });
});

describe("images that were not built", () => {
  it("are each named, with the command that makes them", () => {
    const failures = missingImages(machine, "/nowhere", "qemu-virt");
    expect(failures.map(({ message }) => message)).toEqual([
      "/nowhere/fw_dynamic.bin is not there.",
      "/nowhere/u-boot.bin is not there.",
      "/nowhere/disk.img is not there.",
    ]);
    expect(failures[0]).toMatchObject({ code: "NVLAB_BOOT", hint: "Run nvlab build qemu-virt first." });
  });
});
