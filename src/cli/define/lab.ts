import { type Command, Option } from "commander";
import { usageOf, type VerbName, verbs } from "../../lab/request.ts";
import type { Dispatch } from "../context.ts";
import type { LabBenchOptions, LabChoiceOptions } from "../options.ts";
import { positiveInteger, timeout } from "../parse-value.ts";
import { example, frozenOptions, outOption, targetArgument } from "./shared-options.ts";

/** `nvlab lab`: what can be seen of, and done to, the NVLink controllers of a machine that `nvlab boot` runs. */
export function defineLab(program: Command, dispatch: Dispatch): void {
  const lab = program
    .command("lab")
    .summary("look at a running machine's NVLink controllers, and break them")
    .description(
      "Talks to the models behind the NVLink controllers of a machine that `nvlab boot` runs in another terminal.",
    )
    .usage("[options] <command>")
    .helpCommand(false);
  choiceOptions(lab.command("status"), "all of them")
    .summary("links, GPUs and errors of every controller")
    .description("Shows what the controllers themselves say of their links and GPUs.")
    .addHelpText("after", example("nvlab lab status", "nvlab lab status --controller nvlink1 --json"))
    .action((flags: LabChoiceOptions) => dispatch(flags, () => import("../run/lab-status.ts")));
  for (const verb of Object.keys(verbs) as VerbName[]) defineVerb(lab, verb, dispatch);
  defineBench(lab, dispatch);
  lab.addHelpText(
    "after",
    example("nvlab lab status", "nvlab lab link 0 down", "nvlab lab link 0 up", "nvlab lab bench qemu-virt"),
  );
}

function defineVerb(lab: Command, verb: VerbName, dispatch: Dispatch): void {
  const { summary, forms, example: shown } = verbs[verb];
  const command = choiceOptions(lab.command(verb), "the first one")
    .summary(summary)
    .description(sentence(summary));
  const act = (words: readonly string[], flags: LabChoiceOptions): Promise<void> =>
    dispatch({ verb, words, ...flags }, () => import("../run/lab.ts"));
  command.addHelpText(
    "after",
    `\nForms:\n${usageOf(verb)
      .map((form) => `  nvlab lab ${form}`)
      .join("\n")}\n${example(`nvlab lab ${shown}`)}`,
  );
  if (forms.every((form) => form.length === 0)) command.action((flags: LabChoiceOptions) => act([], flags));
  else command.argument("[words...]", "one of the forms below").action(act);
}

function defineBench(lab: Command, dispatch: Dispatch): void {
  const command = targetArgument(lab.command("bench"))
    .summary("boot a target and measure what moves over its links")
    .description(
      "Boots the built images, measures transfers and recoveries in the guest, and writes bench.json beside the images.",
    )
    .option("--timeout <TIME>", "when to give up, as in 10m", timeout);
  outOption(frozenOptions(command))
    .addHelpText("after", example("nvlab lab bench qemu-virt", "nvlab lab bench qemu-virt --json"))
    .action((target: string | undefined, flags: Omit<LabBenchOptions, "target">) =>
      dispatch({ target, ...flags }, () => import("../run/lab-bench.ts"), "events"),
    );
}

/** @param without which controllers are meant where none is named */
function choiceOptions(command: Command, without: string): Command {
  return command
    .option("--controller <NAME>", `which controller (${without} without)`)
    .addOption(new Option("--machine <MACHINE>", "of `nvlab boot --peer`: which machine").choices(["a", "b"]))
    .option("--target <TARGET>", "which target's machine, where several run")
    .option("--pid <PID>", "which boot, by the process id of its nvlab, where several run", positiveInteger);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
