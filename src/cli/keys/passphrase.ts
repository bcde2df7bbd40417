import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { failed, ok, type Result } from "../../failure/result.ts";
import type { CommandContext } from "../context.ts";

/**
 * The passphrase of a key: NVLAB_KEY_PASSPHRASE, or what a person types, unseen. Undefined where neither is to be had. Fails
 * with NVLAB_INTERRUPTED.
 */
export async function passphrase(
  context: CommandContext,
  question: string,
): Promise<Result<string | undefined>> {
  const given = context.environment.NVLAB_KEY_PASSPHRASE;
  if (given !== undefined) return ok(given);
  if (!context.interactive) return ok(undefined);
  return context.yieldTerminal(() => askUnseen(question));
}

const keys = { interrupt: "\u0003", endOfText: "\u0004", erase: "\u007f", backspace: "\b" };

/** Reads a line from the terminal itself, whatever standard input is, and shows nothing of it. */
async function askUnseen(question: string): Promise<Result<string>> {
  const terminal = new ReadStream(openSync("/dev/tty", "r"));
  process.stderr.write(question);
  terminal.setRawMode(true);
  terminal.setEncoding("utf8");
  let typed = "";
  try {
    for await (const chunk of terminal) {
      for (const key of String(chunk)) {
        if (key === "\r" || key === "\n") return ok(typed);
        if (key === keys.interrupt || key === keys.endOfText) {
          return failed({ code: "NVLAB_INTERRUPTED", message: "no passphrase was typed" });
        }
        const erases = key === keys.erase || key === keys.backspace;
        typed = erases ? Array.from(typed).slice(0, -1).join("") : typed + key;
      }
    }
    return ok(typed);
  } finally {
    terminal.setRawMode(false);
    terminal.destroy();
    process.stderr.write("\n");
  }
}
