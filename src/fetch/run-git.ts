import { runCommand, type Finished } from "./run-command.ts";
import type { FetchContext } from "./wanted-file.ts";

/** Runs git without the settings of user, host or surrounding repository. */
export function runGit(
  repository: string,
  args: readonly string[],
  context: FetchContext,
  input?: string,
): Promise<Finished> {
  const own = Object.entries(context.environment).filter(
    ([name]) => !name.startsWith("GIT_") || name.startsWith("GIT_SSL"),
  );
  return runCommand("git", ["--git-dir", repository, ...args], {
    environment: {
      ...Object.fromEntries(own),
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_TERMINAL_PROMPT: "0",
    },
    signal: context.signal,
    ...(input === undefined ? {} : { input }),
  });
}
