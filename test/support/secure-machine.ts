import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { machineRun } from "../../src/boot/machine-run.ts";
import { superviseMachine } from "../../src/boot/supervise-machine.ts";
import { renderDisk } from "../../src/image/disk.ts";
import { DiskStep } from "../../src/recipe/schema/image.ts";
import { Machine } from "../../src/recipe/schema/machine.ts";
import { make } from "../integration/image/image-bench.ts";
import { testRoot } from "./root.ts";

/** The machine of qemu-virt-secure as far as U-Boot sees it: without the controllers, which have no part in booting. */
const machine = Machine.parse({
  machine: "virt,aia=aplic-imsic",
  bios: "fw_dynamic.bin",
  kernel: "u-boot.bin",
  disks: ["disk.img"],
  devices: [{ driver: "virtio-rng-pci", addr: "9.0" }],
  iommu: { slot: "1e" },
});

export type DiskFiles = Readonly<Record<string, Buffer>>;

/** Runs bash in the build root over files that it sees below /in; the value is the file /out/made. */
export async function inBuildRoot(script: string, inputs: DiskFiles): Promise<Buffer> {
  const step = { script, texts: {}, projectPaths: [], references: [], outputs: ["made"] };
  const made = await make(step, { inputs });
  if (made.status !== 0) throw new Error(made.printed);
  return made.output("made");
}

/** A disk as the target's own, with these files on its boot partition. */
export async function diskWith(files: DiskFiles): Promise<Buffer> {
  const names = Object.keys(files).map((name) => [name, `given/${name}`] as const);
  const boot = {
    name: "boot",
    filesystem: "fat16",
    bootable: true,
    size: "58M",
    files: Object.fromEntries(names),
  };
  const step = DiskStep.parse({ disk: { size: "64M", partitions: [boot] } });
  const inputs = Object.fromEntries(names.map(([name, place]) => [place, files[name] ?? Buffer.alloc(0)]));
  const made = await make(renderDisk(step.disk, "disk.img", "attack"), { inputs });
  if (made.status !== 0) throw new Error(made.printed);
  return made.output("disk.img");
}

export interface PowerOn {
  /** The target's out folder, for firmware and U-Boot. */
  readonly out: string;
  readonly disk: Buffer;
  /** Ends the machine once the console shows it. */
  readonly until: RegExp;
  /** A last word on QEMU's command line. */
  readonly command?: (words: string[]) => string[];
  /** Further files that QEMU sees below /images. */
  readonly files?: DiskFiles;
}

/** U-Boot's verdict, of either kind. */
export const verdict = /nvlab: nothing was booted|Starting kernel|^=> /m;

/** Starts the machine and gives back what its console showed until then, or until it ended or a minute was over. */
export async function powerOn({ out, disk, until, command, files = {} }: PowerOn): Promise<string> {
  const images = mkdtempSync(join(tmpdir(), "nvlab-secure-"));
  onTestFinished(() => rmSync(images, { recursive: true, force: true }));
  for (const name of ["fw_dynamic.bin", "u-boot.bin"]) copyFileSync(join(out, name), join(images, name));
  writeFileSync(join(images, "disk.img"), disk);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(images, name), content);
  const staged = machineRun({ machine, root: await testRoot("boot"), images, console: "test" });
  if (!staged.ok) throw new Error(staged.failures[0]?.message);
  const run = { ...staged.value, command: command?.([...staged.value.command]) ?? staged.value.command };
  let shown = "";
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), 180_000);
  try {
    await superviseMachine(
      run,
      (chunk) => {
        shown += chunk.toString("latin1").replaceAll("\r", "");
        if (until.test(shown)) setTimeout(() => stop.abort(), 300);
      },
      stop.signal,
    );
  } finally {
    clearTimeout(patience);
  }
  return shown;
}
