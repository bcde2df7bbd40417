import type { SandboxRun } from "../exec/sandbox.ts";
import type { Result } from "../failure/result.ts";
import { ok } from "../failure/result.ts";
import type { Machine } from "../recipe/schema/target.ts";
import { qemuCommand } from "./qemu-command.ts";

export interface MachineRequest {
  readonly machine: Machine;
  /** Host path of the unpacked boot root. */
  readonly root: string;
  /** Host path of the folder with the target's artifacts; it is seen read-only. */
  readonly images: string;
  /** "person" for a console on the terminal, "test" for a run without a person. */
  readonly console: "person" | "test";
  readonly append?: string;
  /** Host path of an existing folder of nvlab's own, in which QEMU makes gdb's socket. */
  readonly gdbFolder?: string;
}

const imagesMount = "/images";
const gdbMount = "/gdb";

/** Name of gdb's socket in its folder. */
export const gdbSocket = "gdb.socket";

/** QEMU writes snapshots of disks here: a tmpfs of the sandbox. It takes /tmp for a reason to use /var/tmp. */
const snapshots = "/run";

/** QEMU as a run in the sandbox; nothing that it writes outlives it. */
export function machineRun(request: MachineRequest): Result<SandboxRun> {
  const { machine, gdbFolder } = request;
  const command = qemuCommand(machine, {
    images: imagesMount,
    console: request.console,
    ...(request.append === undefined ? {} : { append: request.append }),
    ...(gdbFolder === undefined ? {} : { gdbSocket: `${gdbMount}/${gdbSocket}` }),
  });
  if (!command.ok) return command;
  return ok({
    root: request.root,
    mounts: [
      { host: request.images, at: imagesMount, writable: false },
      ...(gdbFolder === undefined ? [] : [{ host: gdbFolder, at: gdbMount, writable: true }]),
    ],
    environment: { PATH: "/usr/bin:/usr/sbin", HOME: "/tmp", TMPDIR: snapshots, LC_ALL: "C.UTF-8" },
    command: command.value,
    cwd: "/tmp",
  });
}
