import { runCommand } from "./run-command.ts";
import type { Environment } from "./wanted-file.ts";

/**
 * What the host's apt would download, as lines SITE|RELEASE|COMPONENT; empty where there is no apt. Without
 * the release information it also answers on a host where `apt-get update` never ran.
 */
export async function hostAptTargets(environment: Environment): Promise<string> {
  const format = "$(SITE)|$(RELEASE)|$(COMPONENT)";
  const run = await runCommand("apt-get", ["indextargets", "--no-release-info", "--format", format], {
    environment,
  });
  return run.stdout;
}
