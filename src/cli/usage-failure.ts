import type { CommanderError } from "commander";
import type { Failure } from "../failure/failure.ts";

/** A complaint of commander's as a failure: "error: unknown option '--jbos'\n(Did you mean --jobs?)". */
export function usageFailure(error: CommanderError, args: readonly string[]): Failure {
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = rest.join(" ").replace(/^\(|\)$/g, "");
  const command = args.find((word) => !word.startsWith("-")) ?? "";
  // Of `nvlab lab foo` it is foo that is unknown.
  const known = command !== "" && !first.includes(`unknown command '${command}'`);
  const help = `\`nvlab ${known ? `${command} ` : ""}--help\` says what there is`;
  return {
    code: "NVLAB_USAGE",
    message: first.replace(/\.$/, ""),
    hint: suggestion === "" ? help : `${suggestion.charAt(0).toLowerCase()}${suggestion.slice(1)}`,
  };
}
