import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import type { StdioOptions } from "node:child_process";

type Entry = "ignore" | "inherit" | "pipe" | number;

const closeOnExec = 0o2000000;

/**
 * What nvlab's own parent left open (editors, make, CI agents do) would reach into the sandbox, as an open
 * folder of the host say: Node passes such descriptors on, so each is covered with /dev/null in the child.
 */
export function sealedStdio(entries: readonly Entry[]): { stdio: StdioOptions; close: () => void } {
  const leaking = inheritedDescriptors().filter((fd) => fd >= entries.length);
  if (leaking.length === 0) return { stdio: [...entries], close: () => undefined };
  const cover = openSync("/dev/null", "r");
  const stdio: Entry[] = [...entries];
  const last = Math.max(...leaking);
  while (stdio.length <= last) stdio.push(leaking.includes(stdio.length) ? cover : "ignore");
  return { stdio, close: () => closeSync(cover) };
}

/** Open descriptors that a child would get; all that Node opens by itself close on exec. */
function inheritedDescriptors(): number[] {
  return readdirSync("/proc/self/fdinfo")
    .map(Number)
    .filter((fd) => fd > 2 && (flagsOf(fd) & closeOnExec) === 0);
}

function flagsOf(fd: number): number {
  try {
    const text = readFileSync(`/proc/self/fdinfo/${fd}`, "latin1");
    return parseInt(/^flags:\s*(\d+)/m.exec(text)?.[1] ?? "", 8);
  } catch {
    // The descriptor that listed the folder: closed again by now.
    return closeOnExec;
  }
}
