import { readFileSync } from "node:fs";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { contractFailures } from "../image/contract-check.ts";
import type { ScriptNode } from "../plan/node.ts";

/** Compares a finished device tree with the contract that it promises to keep; it takes milliseconds. */
export function checkDeviceTree(
  node: ScriptNode,
  { contract, sources: paths }: NonNullable<ScriptNode["deviceTree"]>,
  out: string,
): Result<undefined> {
  const ordered = paths.flatMap((path) => node.files.find((file) => file.path === path) ?? []);
  const sources = ordered.map(({ path, absolute }) => ({
    file: path,
    text: readFileSync(absolute, "utf8"),
  }));
  const failures = node.outputs.flatMap((name) =>
    contractFailures({ name, bytes: readFileSync(join(out, name)), contract, sources }),
  );
  return failures.length > 0 ? failed(...failures) : ok(undefined);
}
