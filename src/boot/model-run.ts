import type { SandboxRun } from "../exec/sandbox.ts";
import { controlName, type MachineName, socketName } from "../lab/lab-folder.ts";
import type { Controller } from "../recipe/schema/machine.ts";
import { imagesMount, labMount, sandboxEnvironment } from "./machine-run.ts";

export interface ModelRequest {
  readonly controller: Controller;
  /** Artifact that is the program. */
  readonly model: string;
  /** Host path of the unpacked boot root. */
  readonly root: string;
  /** Host path of the folder with the target's artifacts. */
  readonly images: string;
  /** Host path of the folder in which the model makes its sockets. */
  readonly sockets: string;
  readonly machine: MachineName;
  /** Host path of a folder that both machines share, where the controller's host links lead to the other one. */
  readonly peer?: string;
}

const peerMount = "/peer";

/** What is added to the serial numbers of the second machine, so that no two controllers have the same. */
const secondMachine = 1_000_000;

/** The program that plays a controller, as a run in a sandbox of its own. Pure. */
export function modelRun(request: ModelRequest): SandboxRun {
  const { controller, sockets, peer, root } = request;
  return {
    root,
    mounts: [
      { host: request.images, at: imagesMount, writable: false },
      { host: sockets, at: labMount, writable: true },
      ...(peer === undefined ? [] : [{ host: peer, at: peerMount, writable: true }]),
    ],
    environment: sandboxEnvironment,
    command: [
      `${imagesMount}/${request.model}`,
      ...["--socket", `${labMount}/${socketName(controller.name)}`],
      ...["--control", `${labMount}/${controlName(controller.name)}`],
      ...topology(controller, request.machine),
      ...(peer === undefined
        ? []
        : [
            request.machine === "a" ? "--peer-listen" : "--peer-connect",
            `unix:${peerMount}/${socketName(controller.name)}`,
            // The machine that is done first stays reachable for the other one.
            "--persist",
          ]),
    ],
    cwd: "/tmp",
  };
}

function topology(controller: Controller, machine: MachineName): string[] {
  const { serial, links, gpus, adjacent, speed, lanes, trained } = controller;
  return [
    ...["--serial", String(machine === "a" ? serial : serial + secondMachine)],
    ...["--links", links.join(",")],
    ...["--gpus", gpus.join(",")],
    ...(adjacent.length === 0
      ? []
      : ["--adjacent", adjacent.map((pair) => `${pair.gpus.join("-")}:${pair.links}`).join(",")]),
    ...["--speed", String(speed), "--lanes", String(lanes)],
    ...(trained ? ["--trained"] : []),
  ];
}

/** Whether a link of the controller leads to another machine. */
export function hasHostLink({ links }: Controller): boolean {
  return links.some((link) => link.startsWith("host"));
}
