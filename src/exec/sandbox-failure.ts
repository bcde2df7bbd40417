import type { Failure } from "../failure/failure.ts";
import type { HostLimits } from "./host-limits.ts";

/** What was seen of a sandbox that did not come up. */
export interface FailedStart {
  readonly root: string | undefined;
  /** What bwrap, or whatever was tried, printed on stderr. */
  readonly stderr: string;
  /** Error code of the spawn itself, as ENOENT. */
  readonly spawnError?: string;
}

/** Turns a sandbox that did not start into a failure whose hint mends it on this host. */
export function explainFailedStart(start: FailedStart, limits: HostLimits): Failure {
  const said = lastLine(start.stderr);
  if (start.spawnError !== undefined) return unusableRoot(start, start.spawnError);
  const missing = /Can't (?:find source path|mkdir|create file at) (.+): (.+)$/.exec(said);
  if (missing !== null) return missingMount(missing[1] ?? "", missing[2] ?? "", limits);
  const command = /execvp (.+): (.+)$/.exec(said);
  if (command !== null) return unusableRoot(start, `${command[1] ?? ""}: ${command[2] ?? ""}`);
  if (/error while loading shared libraries|cannot open shared object/.test(said)) {
    return unusableRoot(start, said);
  }
  const hint = forbidden(said, limits);
  return {
    code: "NVLAB_SANDBOX",
    message: `This host does not let the sandbox start: ${said === "" ? "it ended without a message" : said}`,
    hint:
      hint ??
      "`nvlab doctor` shows what this host allows; namespaces of users, processes and mounts are needed",
  };
}

/** The command that mends a host whose limits forbid user namespaces; none if nothing is known to forbid them. */
function forbidden(said: string, limits: HostLimits): string | undefined {
  if (limits.maxUserNamespaces === 0) return sysctl("user.max_user_namespaces", 15000);
  if (limits.usernsClone === 0 && !limits.sysAdmin) return sysctl("kernel.unprivileged_userns_clone", 1);
  if (limits.container) return containerHint;
  if (limits.apparmorRestricts === 1 && !limits.sysAdmin) {
    return sysctl("kernel.apparmor_restrict_unprivileged_userns", 0);
  }
  if (said.includes("No space left on device")) return sysctl("user.max_user_namespaces", 15000);
  if (limits.filtered || (limits.root && !limits.sysAdmin)) return containerHint;
  return undefined;
}

function sysctl(name: string, value: number): string {
  return `sudo sysctl -w ${name}=${value}   (to keep it: echo '${name} = ${value}' | sudo tee /etc/sysctl.d/60-nvlab.conf)`;
}

const containerHint =
  "this is a container that forbids namespaces: start it with --privileged, or with --security-opt " +
  "seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined";

function unusableRoot(start: FailedStart, reason: string): Failure {
  return {
    code: "NVLAB_SANDBOX",
    message: `The root ${start.root ?? ""} has no sandbox that can be started: ${reason}`,
    hint: "the root is damaged or was not made by nvlab: remove that folder, the next build unpacks it anew",
  };
}

function missingMount(path: string, reason: string, limits: HostLimits): Failure {
  const closed = reason.startsWith("Permission denied");
  return {
    code: "NVLAB_SANDBOX",
    message: `The sandbox cannot see ${path}: ${reason}`,
    hint: !closed
      ? "a file that the step needs went away while nvlab ran: start the command again"
      : limits.root
        ? "inside the sandbox root is an ordinary user: the path and the folders above it must be readable " +
          "by their owner root, or by everybody"
        : "make the path and the folders above it readable for the user who builds",
  };
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").replace(/^(?:\S*\/)?bwrap: /, "");
}
