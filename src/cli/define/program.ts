import { Command, Option } from "commander";
import type { Dispatch } from "../context.ts";
import type { GlobalOptions } from "../options.ts";
import { collect, mirrorAddress } from "../parse-value.ts";
import { defineBoot } from "./boot.ts";
import { defineBuild } from "./build.ts";
import { defineCheck } from "./check.ts";
import { defineClean } from "./clean.ts";
import { defineCompletion } from "./completion.ts";
import { defineConfig } from "./config.ts";
import { defineDiff } from "./diff.ts";
import { defineDoctor } from "./doctor.ts";
import { defineFetch } from "./fetch.ts";
import { defineGc } from "./gc.ts";
import { defineGraph } from "./graph.ts";
import { defineInit } from "./init.ts";
import { defineKeygen } from "./keygen.ts";
import { defineLab } from "./lab.ts";
import { defineList, defineShow } from "./list.ts";
import { defineLock } from "./lock.ts";
import { defineMirror } from "./mirror.ts";
import { defineReproduce } from "./reproduce.ts";
import { example } from "./shared-options.ts";
import { defineScan } from "./scan.ts";
import { defineRelease } from "./release.ts";
import { defineShell } from "./shell.ts";
import { defineSign } from "./sign.ts";
import { defineSources } from "./sources.ts";
import { defineVerify } from "./verify.ts";
import { defineWhy } from "./why.ts";

/** What commander prints: help to one place, complaints to another. */
export interface ProgramOutput {
  readonly help: (text: string) => void;
  readonly helpAfterError: (text: string) => void;
}

/** The whole command tree. Parsing it calls `dispatch`, throws a CommanderError, or has printed help. */
export function defineProgram(
  dispatch: (globals: GlobalOptions) => Dispatch,
  version: string,
  output: ProgramOutput,
): Command {
  const program = new Command("nvlab")
    .description("Reproducible riscv64 firmware, kernel and boot images from declarative recipes.")
    .usage("[options] <command>")
    .exitOverride()
    .configureOutput({
      writeOut: output.help,
      writeErr: output.helpAfterError,
      outputError: () => undefined,
    })
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false)
    .option("--json", "machine-readable output on standard output")
    .option("--quiet", "nothing but results and failures")
    .option("--verbose", "also what steps print, and stacks of bugs")
    .option("--no-color", "no colours (also: NO_COLOR)")
    .option("-C, --directory <DIR>", "work in this folder")
    .option("--cache-dir <DIR>", "where downloads, roots and outputs are kept (also: NVLAB_CACHE_DIR)")
    .option("--offline", "never use the network")
    .addOption(
      new Option(
        "--debian-mirror <URL>",
        "base address of a Debian mirror (also: NVLAB_DEBIAN_MIRROR)",
      ).argParser(mirrorAddress),
    )
    .addOption(
      new Option(
        "--mirror <DIR>",
        "take everything from a mirror that `nvlab mirror` made, a folder or an address (also: NVLAB_MIRROR)",
      ).argParser(collect),
    )
    .option("--lock <FILE>", "another lock file than the project's nvlab.lock")
    .version(version, "--version", "print nvlab's version")
    .addHelpText("after", example("nvlab build qemu-virt", "nvlab boot qemu-virt", "nvlab build --help"));
  const act: Dispatch = (options, load, form) => dispatch(globalsOf(program))(options, load, form);
  const defines = [
    defineBuild,
    defineFetch,
    defineLock,
    defineBoot,
    defineLab,
    defineCheck,
    defineReproduce,
    defineRelease,
    defineVerify,
    defineKeygen,
    defineSign,
    defineScan,
    defineDiff,
    defineMirror,
    defineSources,
    defineList,
    defineShow,
    defineGraph,
    defineWhy,
    defineConfig,
    defineShell,
    defineGc,
    defineClean,
    defineDoctor,
    defineInit,
    defineCompletion,
  ];
  for (const define of defines) define(program, act);
  return program;
}

/** The options of every command, as far as they have been parsed. */
export function globalsOf(program: Command): GlobalOptions {
  const switches = { json: false, quiet: false, verbose: false, offline: false };
  return { ...switches, ...program.opts<Partial<GlobalOptions> & { color: boolean }>() };
}
