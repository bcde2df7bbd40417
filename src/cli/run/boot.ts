import { join } from "node:path";
import { gdbHint, printMachines } from "../../boot/shell-command.ts";
import {
  readSelection,
  testedMachine,
  unknownTests,
  usualTimeoutSeconds,
} from "../../boot/test-selection.ts";
import type { StagedMachine } from "../../boot/stage-machine.ts";
import type { TestSelection } from "../../boot/test-selection.ts";
import type { Failure } from "../../failure/failure.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import { type Bootable, findBootable, provideBootable } from "../boot/bootable.ts";
import { inLab, printedLab } from "../boot/in-lab.ts";
import { bootForPerson, greeting, withGdbFolder } from "../boot/person-machine.ts";
import { stageMachines } from "../boot/stage-machines.ts";
import { testMachines } from "../boot/test-machine.ts";
import { testsIn } from "../boot/tests-in.ts";
import type { CommandContext, Outcome, Run } from "../context.ts";
import type { BootOptions } from "../options.ts";

export const run: Run<BootOptions> = async (context, asked) => {
  const options = await targetBehindTest(asked, context);
  if (options.timeout !== undefined && options.test === undefined) return failed(timeoutWithoutTest);
  const frozen = options.frozen ?? context.ci;
  const selected = selectionOf(options);
  if (!selected.ok) return selected;
  const selection = selected.value;
  const { target, out } = options;
  const found = await findBootable({ target, frozen, out }, context);
  if (!found.ok) return found;
  const unknown = selection === undefined ? [] : unknownTests(selection, testsIn(found.value));
  if (unknown.length > 0) return failed(...unknown);
  if (options.print === true) return printCommands(found.value, options, selection, context);
  const provided = await provideBootable(found.value, frozen, context);
  if (!provided.ok) return provided;
  const bootable = provided.value;
  if (options.gdb !== true) return start(bootable, options, selection, context);
  return withGdbFolder(context.cacheDir, (folder) => start(bootable, options, selection, context, folder));
};

const timeoutWithoutTest: Failure = {
  code: "NVLAB_USAGE",
  message: "--timeout ends a boot without a person, and this is one with a person",
  hint: "say --test too, or leave --timeout out: Ctrl-A x ends QEMU",
};

function start(
  bootable: Bootable,
  options: BootOptions,
  selection: TestSelection | undefined,
  context: CommandContext,
  gdbFolder?: string,
): Promise<Result<Outcome>> {
  return inLab(bootable, options.peer === true, context, async (lab) => {
    const machines = stage(bootable, options, selection, gdbFolder, lab);
    if (!machines.ok) return machines;
    if (gdbFolder !== undefined) {
      const hint = gdbHint(join(bootable.images, "debug", "vmlinux"), gdbFolder);
      context.emit({ type: "notice", level: "info", message: `waiting for gdb: ${hint}` });
    }
    if (selection !== undefined) {
      const { target, images } = bootable;
      const timeoutSeconds = options.timeout ?? usualTimeoutSeconds(selection);
      return testMachines({ target, machines: machines.value, images, timeoutSeconds }, context);
    }
    context.emit({ type: "notice", level: "info", message: greeting(machines.value) });
    return bootForPerson(machines.value, context);
  });
}

function printCommands(
  bootable: Bootable,
  options: BootOptions,
  selection: TestSelection | undefined,
  context: CommandContext,
): Result<Outcome> {
  const gdbFolder = options.gdb === true ? join(context.cacheDir, "tmp", "gdb") : undefined;
  const machines = stage(bootable, options, selection, gdbFolder, printedLab(context));
  if (!machines.ok) return machines;
  const command = printMachines(machines.value);
  return ok({ data: { command }, result: command });
}

function stage(
  bootable: Bootable,
  options: BootOptions,
  selection: TestSelection | undefined,
  gdbFolder: string | undefined,
  lab: string,
): Result<StagedMachine[]> {
  const { machine } = bootable;
  const tested =
    selection === undefined ? ok({ machine, words: undefined }) : testedMachine(machine, selection);
  if (!tested.ok) return tested;
  const staging = {
    testing: selection !== undefined,
    peer: options.peer === true,
    words: [options.append, tested.value.words],
    ...(gdbFolder !== undefined && { gdbFolder }),
  };
  return stageMachines({ ...bootable, machine: tested.value.machine }, staging, lab);
}

/** The test in the image that wants two machines. */
const peerTest = "nvlink-machines";

/** Two machines at once run the test of their common links, unless others are named. */
function selectionOf({ test, peer }: BootOptions): Result<TestSelection | undefined> {
  if (test === undefined) return ok(undefined);
  return readSelection(test === true && peer === true ? peerTest : test);
}

/** In `boot --test qemu-virt` the word behind --test is the target, where there is one of that name. */
async function targetBehindTest(options: BootOptions, context: CommandContext): Promise<BootOptions> {
  const { test, target } = options;
  if (typeof test !== "string" || target !== undefined) return options;
  const { openProject } = await import("../../build/prepare.ts");
  const opened = await openProject(context);
  if (!opened.ok || !opened.value.project.targets.has(test)) return options;
  return { ...options, target: test, test: true };
}
