import type { SandboxRun } from "../exec/sandbox.ts";
import type { Result } from "../failure/result.ts";
import { ok } from "../failure/result.ts";
import type { Machine } from "../recipe/schema/machine.ts";
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
  /** Host path of the folder with the sockets of the machine's controllers; wanted where it has some. */
  readonly sockets?: string;
  /** Host path of an existing folder of nvlab's own, in which QEMU makes gdb's socket. */
  readonly gdbFolder?: string;
}

/** Where the machine's artifacts, and the sockets of its controllers, are seen in a sandbox. */
export const imagesMount = "/images";
export const labMount = "/lab";

const gdbMount = "/gdb";

/** Name of gdb's socket in its folder. */
export const gdbSocket = "gdb.socket";

/** Environment of QEMU and of the models. */
export const sandboxEnvironment = { PATH: "/usr/bin:/usr/sbin", HOME: "/tmp", LC_ALL: "C.UTF-8" } as const;

/** QEMU writes snapshots of disks here: a tmpfs of the sandbox. It takes /tmp for a reason to use /var/tmp. */
const snapshots = "/run";

/** QEMU as a run in the sandbox; nothing that it writes outlives it. */
export function machineRun(request: MachineRequest): Result<SandboxRun> {
  const { machine, sockets, gdbFolder } = request;
  const command = qemuCommand(machine, {
    images: imagesMount,
    console: request.console,
    ...(request.append === undefined ? {} : { append: request.append }),
    ...(sockets === undefined ? {} : { sockets: labMount }),
    ...(gdbFolder === undefined ? {} : { gdbSocket: `${gdbMount}/${gdbSocket}` }),
  });
  if (!command.ok) return command;
  return ok({
    root: request.root,
    mounts: [
      { host: request.images, at: imagesMount, writable: false },
      // A socket can be connected to where nothing can be written.
      ...(sockets === undefined ? [] : [{ host: sockets, at: labMount, writable: false }]),
      ...(gdbFolder === undefined ? [] : [{ host: gdbFolder, at: gdbMount, writable: true }]),
    ],
    environment: { ...sandboxEnvironment, TMPDIR: snapshots },
    command: command.value,
    cwd: "/tmp",
  });
}
