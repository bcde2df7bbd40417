import { resolve } from "node:path";
import { failed, ok, type Result } from "../../failure/result.ts";
import { makeKey, writeKey } from "../../sign/make-key.ts";
import type { CommandContext, Run } from "../context.ts";
import { passphrase } from "../keys/passphrase.ts";
import type { KeygenOptions } from "../options.ts";

export const run: Run<KeygenOptions> = async (context, { out }) => {
  const secret = await newPassphrase(context);
  if (!secret.ok) return secret;
  const written = await writeKey(makeKey(), resolve(context.directory, out), secret.value);
  if (!written.ok) return written;
  const { id, privateKey, publicKey, minisign, encrypted } = written.value;
  const lines = [
    `key ${id}`,
    `${privateKey}  ${encrypted ? "encrypted" : "NOT encrypted"}; keep it to yourself`,
    `${publicKey}  for nvlab verify, cosign and openssl`,
    `${minisign}  for minisign`,
  ];
  return ok({ data: written.value, result: lines.join("\n") });
};

/** Undefined: the key is not encrypted. What is typed is typed twice. */
async function newPassphrase(context: CommandContext): Promise<Result<string | undefined>> {
  const first = await passphrase(context, "Passphrase (empty for none): ");
  if (!first.ok || first.value === undefined || first.value === "") return first.ok ? ok(undefined) : first;
  const again = await passphrase(context, "The same again: ");
  if (!again.ok || again.value === first.value) return again;
  return failed({ code: "NVLAB_PASSPHRASE", message: "these were two different passphrases" });
}
