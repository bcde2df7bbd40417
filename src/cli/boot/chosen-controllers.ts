import { ok, type Result } from "../../failure/result.ts";
import type { ControlSocket } from "../../lab/ask-controller.ts";
import { chooseLab, controllersOf, runningLabs } from "../../lab/running-lab.ts";
import { findProjectDirectory } from "../../recipe/project.ts";
import { onDisk } from "../../store/store-failure.ts";
import type { CommandContext } from "../context.ts";
import type { LabChoiceOptions } from "../options.ts";

/** The controllers of the machine that this project runs now, narrowed down by what the command line says. */
export async function chosenControllers(
  { cacheDir, directory }: CommandContext,
  options: LabChoiceOptions,
): Promise<Result<ControlSocket[]>> {
  const project = findProjectDirectory(directory);
  if (!project.ok) return project;
  const choice = { ...options, project: project.value };
  const labs = await onDisk(cacheDir, async () => ok(await runningLabs(cacheDir)));
  if (!labs.ok) return labs;
  const lab = chooseLab(labs.value, choice);
  return lab.ok ? controllersOf(lab.value, choice) : lab;
}
