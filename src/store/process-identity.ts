import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";

/**
 * A process by its number, its start and the world that counts its number: a number alone comes again after a
 * reboot, after enough other processes, and in each container that shares the cache.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to its start. */
  readonly start: string;
  readonly boot: string;
  /** Inode of its PID namespace. */
  readonly namespace: string;
}

/** Fields 3 (state) and 22 (start) of /proc/<pid>/stat, proc_pid_stat(5). */
function statOf(pid: number): { state: string; start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    // The second field is a name in parentheses that may itself hold parentheses and spaces.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state = "", start = ""] = [fields[0], fields[19]];
    return { state, start };
  } catch {
    return undefined;
  }
}

let own: ProcessIdentity | undefined;

export function ownIdentity(): ProcessIdentity {
  own ??= {
    pid: process.pid,
    start: statOf(process.pid)?.start ?? "0",
    boot: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 13).replaceAll("-", ""),
    namespace: /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0",
  };
  return own;
}

/** A name for a file of this process that no other has, and that says whose it is. */
export function ownedName(): string {
  const { pid, start, boot, namespace } = ownIdentity();
  return `${String(pid)}-${start}-${boot}-${namespace}-${randomBytes(6).toString("hex")}`;
}

/** The process that an owned name (with anything behind a dot) names. */
export function ownerOf(name: string): ProcessIdentity | undefined {
  const match = /^(\d+)-(\d+)-([0-9a-f]+)-(\d+)-[0-9a-f]{12}(?:\.|$)/.exec(name);
  if (!match) return undefined;
  const [, pid = "", start = "", boot = "", namespace = ""] = match;
  return { pid: Number(pid), start, boot, namespace };
}

/** Foreign: of another machine, boot or container, whose processes cannot be asked. */
export type Liveness = "alive" | "dead" | "foreign";

export function livenessOf(owner: ProcessIdentity, self: ProcessIdentity = ownIdentity()): Liveness {
  if (owner.boot !== self.boot || owner.namespace !== self.namespace) return "foreign";
  const found = statOf(owner.pid);
  // A zombie does nothing any more; its parent just has not asked for its status.
  const runs = found?.start === owner.start && found.state !== "Z" && found.state !== "X";
  return runs ? "alive" : "dead";
}
