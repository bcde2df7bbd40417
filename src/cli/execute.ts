import { resolve } from "node:path";
import { type Failure, failureExit } from "../failure/failure.ts";
import type { Result } from "../failure/result.ts";
import { renderFailures } from "../report/failure.ts";
import { choosePaint, type Paint } from "../report/palette.ts";
import type { Renderer } from "../report/renderer.ts";
import { chooseRenderer } from "./choose-renderer.ts";
import type { CommandContext, JsonForm, LoadCommand, Outcome } from "./context.ts";
import { cacheFolder, debianMirrors, isCi, mirrorPlaces } from "./environment.ts";
import type { GlobalOptions } from "./options.ts";
import { sourceReader } from "./source-reader.ts";
import type { World } from "./world.ts";

/** Runs one command and shows what came of it. Gives the exit code. */
export async function execute<Options>(
  world: World,
  globals: GlobalOptions,
  options: Options,
  load: LoadCommand<Options>,
  form: JsonForm = "document",
): Promise<number> {
  const paint = paintFor(world, globals, world.errIsTerminal);
  const renderer = finishedOnce(chooseRenderer(world, globals, form, paint));
  const context = makeContext(world, globals, renderer);
  let result: Result<Outcome>;
  try {
    const { run } = await load();
    result = await run(context, options);
  } finally {
    // Also when a bug threw: what it says must not be drawn over.
    await renderer.finish();
  }
  if (globals.json) world.out(jsonResult(result, form));
  const interrupted = world.interrupts.exitCode();
  if (interrupted !== undefined) {
    world.err(`${paint("yellow", "interrupted")}\n`);
    return interrupted;
  }
  if (!result.ok) return fail(world, globals, result.failures);
  const { result: text, remarks, failures = [], exit = 0 } = result.value;
  if (text !== undefined && !globals.json) world.out(withNewline(text));
  if (remarks !== undefined && !globals.quiet && !globals.json) world.err(withNewline(remarks));
  if (failures.length > 0) fail(world, globals, failures);
  return exit;
}

/** Shows failures on standard error, whatever the options; gives the exit code. */
export function fail(world: World, globals: GlobalOptions, failures: readonly Failure[]): number {
  const paint = paintFor(world, globals, world.errIsTerminal);
  const directory = resolve(world.cwd, globals.directory ?? ".");
  world.err(withNewline(renderFailures(failures, paint, sourceReader([directory, world.home]))));
  return exitCode(failures);
}

/** 130 where something was interrupted, 1 where work failed, 2 where only the recipe or the usage is wrong. */
export function exitCode(failures: readonly Failure[]): number {
  const codes = failures.map((failure) => failureExit[failure.code]);
  if (codes.includes(130)) return 130;
  return codes.includes(1) || codes.length === 0 ? 1 : 2;
}

export function jsonResult(result: Result<Outcome>, form: JsonForm): string {
  const body = result.ok ? result.value.data : { failures: result.failures };
  if (form === "document") return `${JSON.stringify(body, undefined, 2)}\n`;
  const line = result.ok ? { data: body } : body;
  return `${JSON.stringify({ type: "result", ok: result.ok, ...(line as object) })}\n`;
}

function makeContext(world: World, globals: GlobalOptions, renderer: Renderer): CommandContext {
  const { environment, now, interrupts } = world;
  const directory = resolve(world.cwd, globals.directory ?? ".");
  return {
    home: world.home,
    directory,
    cacheDir: cacheFolder(globals.cacheDir, environment, world.cwd, world.homeFolder),
    offline: globals.offline,
    debianMirrors: debianMirrors(globals, environment),
    mirrors: mirrorPlaces(globals, environment, world.cwd),
    lockFile: globals.lock === undefined ? undefined : resolve(world.cwd, globals.lock),
    environment,
    ci: isCi(environment),
    interactive: world.terminal !== undefined && world.errIsTerminal && !globals.json && !isCi(environment),
    verbose: globals.verbose,
    signal: interrupts.signal,
    terminal: world.terminal,
    yieldTerminal: async (work) => {
      await renderer.finish();
      return interrupts.yieldTerminal(work);
    },
    emit: (event) => {
      renderer.emit({ ...event, at: now() });
    },
    now,
    paint: paintFor(world, globals, world.outIsTerminal),
  };
}

/** A view that was closed for a program in the foreground stays closed. */
function finishedOnce(renderer: Renderer): Renderer {
  let finished: Promise<void> | undefined;
  return {
    emit: (event) => {
      if (finished === undefined) renderer.emit(event);
    },
    finish: () => (finished ??= renderer.finish()),
  };
}

function paintFor(world: World, globals: GlobalOptions, terminal: boolean): Paint {
  return choosePaint(terminal, world.environment.NO_COLOR, globals.color);
}

function withNewline(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
