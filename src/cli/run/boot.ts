import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { machineRun } from "../../boot/machine-run.ts";
import { missingImages } from "../../boot/missing-images.ts";
import { gdbHint, shellCommand } from "../../boot/shell-command.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import { type Bootable, findBootable, provideRoot } from "../boot/bootable.ts";
import { bootForPerson, withGdbFolder } from "../boot/person-machine.ts";
import { testMachine } from "../boot/test-machine.ts";
import type { CommandContext, Outcome, Run } from "../context.ts";
import type { BootOptions } from "../options.ts";

export const run: Run<BootOptions> = async (context, options) => {
  const frozen = options.frozen ?? context.ci;
  const found = await findBootable(options.target, frozen, context);
  if (!found.ok) return found;
  const images = options.out === undefined ? found.value.images : resolve(context.directory, options.out);
  if (options.print === true) return printCommand({ ...found.value, images }, options, context);
  const missing = missingImages(found.value.machine, images, found.value.target);
  if (missing.length > 0) return failed(...missing);
  const provided = await provideRoot(found.value, frozen, context);
  if (!provided.ok) return provided;
  const bootable = { ...provided.value, images };
  if (options.gdb !== true) return start(bootable, options, context);
  await mkdir(join(context.cacheDir, "tmp"), { recursive: true });
  return withGdbFolder(join(context.cacheDir, "tmp", "gdb-"), (folder) =>
    start(bootable, options, context, folder),
  );
};

async function start(
  bootable: Bootable,
  options: BootOptions,
  context: CommandContext,
  gdbFolder?: string,
): Promise<Result<Outcome>> {
  const machine = asRun(bootable, options, gdbFolder);
  if (!machine.ok) return machine;
  if (gdbFolder !== undefined) {
    const hint = gdbHint(join(bootable.images, "debug", "vmlinux"), gdbFolder);
    context.emit({ type: "notice", level: "info", message: `waiting for gdb: ${hint}` });
  }
  if (options.test === true) {
    const { target, images } = bootable;
    return testMachine({ target, run: machine.value, images, timeoutSeconds: options.timeout }, context);
  }
  context.emit({ type: "notice", level: "info", message: "starting QEMU; Ctrl-A x leaves it" });
  return bootForPerson(machine.value, context);
}

function printCommand(bootable: Bootable, options: BootOptions, context: CommandContext): Result<Outcome> {
  const gdbFolder = options.gdb === true ? join(context.cacheDir, "tmp", "gdb") : undefined;
  const machine = asRun(bootable, options, gdbFolder);
  if (!machine.ok) return machine;
  const command = shellCommand(machine.value);
  return ok({ data: { command }, result: command });
}

function asRun(
  { machine, root, images }: Bootable,
  options: BootOptions,
  gdbFolder: string | undefined,
): ReturnType<typeof machineRun> {
  const testing = options.test === true;
  const words = [options.append, testing ? machine["test-command-line"] : undefined];
  const append = words.filter((word) => word !== undefined && word !== "").join(" ");
  return machineRun({
    machine,
    root,
    images,
    console: testing ? "test" : "person",
    ...(append !== "" && { append }),
    ...(gdbFolder !== undefined && { gdbFolder }),
  });
}
