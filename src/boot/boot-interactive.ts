import { runInteractive } from "../exec/run-interactive.ts";
import type { InteractiveOptions } from "../exec/run-interactive.ts";
import type { SandboxRun } from "../exec/sandbox.ts";
import type { Result } from "../failure/result.ts";
import { failed, ok } from "../failure/result.ts";

/** The person's terminal, as process.stdin is one. */
export interface Terminal {
  setRawMode(raw: boolean): unknown;
}

export interface InteractiveBoot extends InteractiveOptions {
  /** Absent where standard input is no terminal. */
  readonly terminal?: Terminal;
  readonly runOnTerminal?: (run: SandboxRun, options: InteractiveOptions) => Promise<Result<number>>;
}

/**
 * The machine's serial console on the person's terminal until they leave it (Ctrl-A x) or it powers off. However
 * QEMU ends, killed too, the terminal is afterwards as it was. Fails with NVLAB_BOOT where QEMU reports an error.
 */
export async function bootInteractive(run: SandboxRun, options: InteractiveBoot): Promise<Result<void>> {
  const { terminal, runOnTerminal = runInteractive, ...interactive } = options;
  // Going raw makes Node remember the settings, and coming back restores them, whatever QEMU left behind.
  terminal?.setRawMode(true);
  try {
    const ended = await runOnTerminal(run, interactive);
    if (!ended.ok) return ended;
    if (ended.value === 0) return ok(undefined);
    return failed({
      code: "NVLAB_BOOT",
      message: `QEMU ended with status ${ended.value}.`,
      hint: "Its message is above; nvlab boot --print shows the command to try by hand.",
    });
  } finally {
    terminal?.setRawMode(false);
  }
}
