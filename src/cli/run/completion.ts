import { ok } from "../../failure/result.ts";
import { bashScript } from "../completion/bash.ts";
import { fishScript } from "../completion/fish.ts";
import { completionTree } from "../completion/tree.ts";
import { zshScript } from "../completion/zsh.ts";
import type { Run } from "../context.ts";
import type { CompletionOptions } from "../options.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

export const run: Run<CompletionOptions> = (_context, { shell, program }) => {
  const script = scripts[shell](completionTree(program));
  return Promise.resolve(ok({ data: { shell, script }, result: script }));
};
