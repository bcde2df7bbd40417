import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { ControlSocket } from "./ask-controller.ts";
import { controlName, type MachineName, recordName, removeDeadLabs, socketsFolder } from "./lab-folder.ts";
import { LabRecord } from "./lab-record.ts";
import { parseJson } from "./parse-json.ts";

/** A boot that goes on. */
export interface RunningLab extends LabRecord {
  readonly folder: string;
  /** Process that boots. */
  readonly pid: number;
}

/** Which controllers a command means; what is not said may be any. */
export interface LabChoice {
  /** Absolute path of the project. */
  readonly project: string;
  readonly target?: string | undefined;
  readonly pid?: number | undefined;
  readonly machine?: MachineName | undefined;
  readonly controller?: string | undefined;
}

/** Every boot that goes on with this cache, whatever its project. Throws system errors. */
export async function runningLabs(cacheDir: string): Promise<RunningLab[]> {
  const found = await removeDeadLabs(cacheDir);
  const labs = await Promise.all(
    found.map(async ({ folder, pid }) => {
      // One that is just being made, or ends in this moment, has no record.
      const text = await readFile(join(folder, recordName), "utf8").catch(() => "");
      const record = LabRecord.safeParse(parseJson(text));
      return record.success ? [{ ...record.data, folder, pid }] : [];
    }),
  );
  return labs.flat();
}

/** The one boot that a command means. Fails with NVLAB_LAB where there is none, or more than one. */
export function chooseLab(labs: readonly RunningLab[], choice: LabChoice): Result<RunningLab> {
  const { project, target, pid } = choice;
  const own = labs.filter(
    (lab) => lab.project === project && (target === undefined || lab.target === target),
  );
  const fitting = own.filter((lab) => pid === undefined || lab.pid === pid);
  const [lab, ...others] = fitting;
  const what = target === undefined ? project : `${target} of ${project}`;
  const names = own.map((one) => `${String(one.pid)} (${one.target})`).join(", ");
  if (lab === undefined && own.length > 0) {
    return failed({
      code: "NVLAB_LAB",
      message: `no boot of ${what} has the process id ${String(pid)}`,
      hint: `say one that runs by --pid: ${names}`,
    });
  }
  if (lab === undefined) {
    const elsewhere = labs.map((one) => `${one.target} of ${one.project}`).join(", ");
    return failed({
      code: "NVLAB_LAB",
      message: `no machine with NVLink controllers runs for ${what}`,
      hint: `start it in another terminal: nvlab boot ${target ?? ""}`.trimEnd(),
      ...(labs.length > 0 && { details: [`running elsewhere: ${elsewhere}`] }),
    });
  }
  if (others.length === 0) return ok(lab);
  return failed({
    code: "NVLAB_LAB",
    message: `more than one machine runs for ${what}`,
    hint: `say which by --pid: ${names}`,
  });
}

/** The controllers that a command means, in the order of machines and of the recipe. */
export function controllersOf(lab: RunningLab, choice: LabChoice): Result<ControlSocket[]> {
  const several = lab.machines.length > 1;
  const known = lab.machines
    .filter(({ name }) => choice.machine === undefined || choice.machine === name)
    .flatMap(({ name: machine, controllers }) => controllers.map((controller) => ({ machine, controller })));
  const found = known.filter(
    ({ controller }) => choice.controller === undefined || choice.controller === controller,
  );
  if (found.length > 0) {
    return ok(
      found.map(({ machine, controller }) => ({
        name: several ? `${controller} of machine ${machine}` : controller,
        path: join(socketsFolder(lab.folder, machine), controlName(controller)),
      })),
    );
  }
  return failed(
    unknown(
      choice,
      known.map(({ controller }) => controller),
      several,
    ),
  );
}

function unknown(choice: LabChoice, known: readonly string[], several: boolean): Failure {
  if (known.length === 0) {
    return {
      code: "NVLAB_LAB",
      message: `there is no machine ${choice.machine ?? ""}`,
      hint: several ? "there are a and b" : "there is only a; nvlab boot --peer starts two",
    };
  }
  return {
    code: "NVLAB_LAB",
    message: `there is no controller ${choice.controller ?? ""}`,
    hint: `controllers: ${[...new Set(known)].join(", ")}`,
  };
}
