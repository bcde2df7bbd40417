import { failed, ok, type Result } from "../../failure/result.ts";
import type { PrivateKey } from "../../sign/key.ts";
import { readPrivateKey } from "../../sign/read-key.ts";
import type { CommandContext } from "../context.ts";
import { passphrase } from "./passphrase.ts";

/** Reads the private key that a command was given; asks for its passphrase where it is encrypted. `path` is absolute. */
export function privateKeyFor(context: CommandContext, path: string): Promise<Result<PrivateKey>> {
  return readPrivateKey(path, async () => {
    const typed = await passphrase(context, `Passphrase of ${path}: `);
    if (!typed.ok) return typed;
    if (typed.value !== undefined) return ok(typed.value);
    return failed({
      code: "NVLAB_PASSPHRASE",
      message: `${path} is encrypted, and its passphrase is needed`,
      hint: "set NVLAB_KEY_PASSPHRASE, or run this at a terminal to be asked",
    });
  });
}
