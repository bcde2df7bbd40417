import { homedir } from "node:os";
import { isatty } from "node:tty";
import { watchInterrupts } from "./cli/interrupts.ts";
import { runProgram } from "./cli/program.ts";

/**
 * Starts nvlab. `home` is the folder of nvlab itself, where the shipped recipes lie. Here alone are the
 * command line and the environment read and the exit code set: 0 done, 1 the work failed, 2 usage or recipe,
 * 70 a bug, 130 and 143 interrupted.
 */
export async function main(home: string): Promise<void> {
  const args = process.argv.slice(2);
  const verbose = args.includes("--verbose");
  if (verbose) process.setSourceMapsEnabled(true);
  const showBug = (error: unknown): void => {
    process.exitCode = 70;
    process.stderr.write(describeBug(error, verbose));
  };
  process.on("uncaughtException", (error) => {
    showBug(error);
    process.exit();
  });
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // `nvlab list | head -1`: nobody reads on, and that is no failure.
      if (error.code !== "EPIPE") throw error;
    });
  }
  const started = performance.now();
  const now = (): number => Math.round(performance.now() - started);
  try {
    process.exitCode = await runProgram({
      home,
      args,
      environment: process.env,
      cwd: process.cwd(),
      homeFolder: homedir(),
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
      outIsTerminal: isatty(1),
      errIsTerminal: isatty(2),
      errColumns: isatty(2) ? process.stderr.columns : 0,
      terminal: isatty(0) ? { setRawMode: (raw) => process.stdin.setRawMode(raw) } : undefined,
      live: async () => (await import("./report/live.ts")).liveRenderer(process.stderr, now),
      now,
      interrupts: watchInterrupts(process),
    });
  } catch (error) {
    showBug(error);
  }
}

/** What a person sees of a bug: one line, and where it happened with --verbose. */
function describeBug(error: unknown, verbose: boolean): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = verbose && error instanceof Error ? `${error.stack ?? ""}\n` : "";
  const more = verbose ? "with the lines above" : "with what the same command prints with --verbose";
  return `nvlab: internal error: ${text}\n${stack}This is a bug in nvlab. Please report it to the project, ${more} and \`nvlab doctor\`.\n`;
}
