import type { Failure } from "../failure/failure.ts";
import type { Result } from "../failure/result.ts";
import { failed, ok } from "../failure/result.ts";
import { firstDiskSlot, networkSlot } from "../recipe/schema/pci-slot.ts";
import type { Machine } from "../recipe/schema/machine.ts";

export interface QemuOptions {
  /** Folder with the target's artifacts, as QEMU sees it. */
  readonly images: string;
  /**
   * "person": the serial console on the terminal, with QEMU's monitor behind Ctrl-A c and its end behind
   * Ctrl-A x. "test": only output, and a reset ends the machine.
   */
  readonly console: "person" | "test";
  /** Words for the end of the kernel command line. */
  readonly append?: string;
  /** Folder with a socket NAME.sock for each controller, as QEMU sees it; wanted where there are controllers. */
  readonly sockets?: string;
  /** Path of a socket, as QEMU sees it, on which to wait for gdb before the first instruction. */
  readonly gdbSocket?: string;
}

/**
 * The QEMU command of a machine. Pure. Disks are snapshots: the guest may write, the image never changes. The
 * network is QEMU's user network, which needs nothing of the host's.
 */
export function qemuCommand(machine: Machine, options: QemuOptions): Result<string[]> {
  const image = (name: string): string => `${options.images}/${name}`;
  const append = options.append?.trim() ?? "";
  const refusal = append === "" ? undefined : refuseAppend(machine, append);
  if (refusal !== undefined) return failed(refusal);
  const dtb = machine["device-tree"];
  return ok([
    "qemu-system-riscv64",
    ...["-nodefaults", "-display", "none"],
    ...["-M", machine.machine, "-cpu", machine.cpu, "-smp", String(machine.harts), "-m", machine.memory],
    ...["-bios", image(machine.bios)],
    ...(machine.kernel === undefined ? [] : ["-kernel", image(machine.kernel)]),
    ...(dtb === undefined ? [] : ["-dtb", image(dtb)]),
    ...(append === "" ? [] : ["-append", append]),
    ...machine.disks.flatMap((disk, index) => [
      "-drive",
      `if=none,id=disk${index},file=${image(disk)},format=raw,snapshot=on`,
    ]),
    ...(machine.network ? ["-netdev", "user,id=net0"] : []),
    ...devices(machine, options.sockets).flatMap((device) => ["-device", JSON.stringify(device)]),
    ...consoles[options.console],
    ...(options.gdbSocket === undefined
      ? []
      : ["-gdb", `unix:${options.gdbSocket},server=on,wait=off`, "-S"]),
  ]);
}

type Device = Readonly<Record<string, unknown>> & { readonly driver: string };

/**
 * All devices, in the order in which QEMU has to make them. A RISC-V IOMMU that is there before a vfio-user device
 * makes QEMU hang, and what is not written as JSON is made before all that is: so the IOMMU is last and all is JSON.
 */
function devices(machine: Machine, sockets = ""): Device[] {
  const { controllers, disks, network, iommu } = machine;
  return [
    ...controllers.map(({ name, slot }) => ({
      driver: "vfio-user-pci",
      id: name,
      addr: `${slot}.0`,
      socket: { type: "unix", path: `${sockets}/${name}.sock` },
    })),
    ...disks.map((_, index) => ({
      driver: "virtio-blk-pci",
      addr: `${(firstDiskSlot + index).toString(16)}.0`,
      drive: `disk${index}`,
    })),
    ...(network
      ? [{ driver: "virtio-net-pci", addr: `${networkSlot.toString(16)}.0`, netdev: "net0", romfile: "" }]
      : []),
    ...machine.devices.map((device) => (typeof device === "string" ? { driver: device } : device)),
    ...(iommu === undefined ? [] : [{ driver: "riscv-iommu-pci", addr: `${iommu.slot}.0` }]),
  ];
}

const consoles = {
  // Ctrl-C goes to the guest: that is what mon: means here.
  person: ["-serial", "mon:stdio"],
  test: ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console", "-no-reboot"],
} as const;

/** QEMU hands -append on only beside -kernel; firmware and kernel end the text at a NUL or a line's end. */
function refuseAppend(machine: Machine, append: string): Failure | undefined {
  if (machine["test-disks"]) {
    return {
      code: "NVLAB_USAGE",
      message: "This machine's command line is signed: it takes no words for the kernel.",
      hint: "Change command-line in the target, and build and sign it anew.",
    };
  }
  if (machine.kernel === undefined) {
    return {
      code: "NVLAB_USAGE",
      message: "This machine takes no words for the kernel: its recipe has no boot.qemu.kernel.",
      hint: "QEMU passes them on only together with a kernel or a boot loader in that place.",
    };
  }
  if (/\p{Cc}/u.test(append)) {
    return {
      code: "NVLAB_USAGE",
      message: "Words for the kernel command line are one line of plain text.",
      hint: 'Separate them by spaces, as in --append "quiet loglevel=4".',
    };
  }
  return undefined;
}
