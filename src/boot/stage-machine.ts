import { join } from "node:path";
import type { SandboxRun } from "../exec/sandbox.ts";
import type { Result } from "../failure/result.ts";
import { ok } from "../failure/result.ts";
import { controlName, type MachineName, peerFolder, socketName, socketsFolder } from "../lab/lab-folder.ts";
import { type MachineRequest, machineRun } from "./machine-run.ts";
import { hasHostLink, modelRun } from "./model-run.ts";
import type { ModelStart } from "./run-models.ts";

/** All processes of a machine: QEMU, and a model for each of its controllers. */
export interface StagedMachine {
  readonly name: MachineName;
  readonly qemu: SandboxRun;
  readonly models: readonly ModelStart[];
  /** Host paths of all sockets that the models make. */
  readonly sockets: readonly string[];
  /** Host file for what the console shows. */
  readonly log: string;
}

export interface StageRequest extends Omit<MachineRequest, "sockets"> {
  readonly name: MachineName;
  /** Host path of the lab's folder; not looked at for a machine without controllers. */
  readonly lab: string;
  /** Whether its host links lead to another machine of the same lab. */
  readonly peer: boolean;
}

/** Says what runs where for a machine; starts nothing. Fails with NVLAB_USAGE for words that cannot be passed on. */
export function stageMachine(request: StageRequest): Result<StagedMachine> {
  const { name, lab, peer, machine, images, root } = request;
  const { controllers, model } = machine;
  const sockets = socketsFolder(lab, name);
  const qemu = machineRun({ ...request, ...(controllers.length > 0 && { sockets }) });
  if (!qemu.ok) return qemu;
  const logs = join(images, "logs");
  const suffix = name === "a" ? "" : `-${name}`;
  const models = controllers.map((controller) => ({
    name: peer ? `${controller.name} of machine ${name}` : controller.name,
    run: modelRun({
      ...{ controller, root, images, sockets, machine: name, model: model ?? "" },
      ...(peer && hasHostLink(controller) && { peer: peerFolder(lab) }),
    }),
    control: join(sockets, controlName(controller.name)),
    log: join(logs, `${controller.name}${suffix}.log`),
  }));
  const made = controllers.flatMap((controller) => [
    join(sockets, socketName(controller.name)),
    join(sockets, controlName(controller.name)),
    ...(peer && hasHostLink(controller) ? [join(peerFolder(lab), socketName(controller.name))] : []),
  ]);
  return ok({ name, qemu: qemu.value, models, sockets: made, log: join(logs, `boot${suffix}.log`) });
}
