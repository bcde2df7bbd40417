import type { StagedMachine } from "../../boot/stage-machine.ts";
import { stageMachine } from "../../boot/stage-machine.ts";
import { hasHostLink } from "../../boot/model-run.ts";
import { all, failed, type Result } from "../../failure/result.ts";
import type { MachineName } from "../../lab/lab-folder.ts";
import type { Bootable } from "./bootable.ts";

/** What the command line says about the machines. */
export interface Staging {
  /** Without a person: only output, and a reset ends the machine. */
  readonly testing: boolean;
  readonly peer: boolean;
  /** Words for the kernel, of which some may be empty. */
  readonly words: readonly (string | undefined)[];
  readonly gdbFolder?: string;
}

/** Names of the machines of a boot. */
export function machineNames(peer: boolean): readonly MachineName[] {
  return peer ? ["a", "b"] : ["a"];
}

/** One machine, or two whose host links are joined; a person and gdb are at the first one only. */
export function stageMachines(bootable: Bootable, staging: Staging, lab: string): Result<StagedMachine[]> {
  const { machine, root, images } = bootable;
  const { peer, testing, gdbFolder } = staging;
  if (peer && !machine.controllers.some(hasHostLink)) {
    return failed({
      code: "NVLAB_USAGE",
      message: `no controller of ${bootable.target} has a link to another machine`,
      hint: "--peer wants one: host0 among boot.qemu.controllers.links of the target",
    });
  }
  return all(
    machineNames(peer).map((name) => {
      const words = [...staging.words, peer ? `nvlab.role=${name}` : undefined];
      const append = words.filter((word) => word !== undefined && word !== "").join(" ");
      return stageMachine({
        ...{ name, machine, root, images, lab, peer },
        console: testing || name !== "a" ? "test" : "person",
        ...(append !== "" && { append }),
        ...(gdbFolder !== undefined && name === "a" && { gdbFolder }),
      });
    }),
  );
}
