import { execFileSync } from "node:child_process";
import { opendirSync, readFileSync } from "node:fs";
import { availableParallelism, homedir, hostname, release } from "node:os";
import { resolve } from "node:path";
import { carriers } from "./inside.ts";
import type { Observation } from "./observation.ts";

/**
 * What this very process sees of each condition.
 * @param folder a folder with some files, for the order in which they are read
 */
export function probeOutside(folder: string): Observation {
  return {
    environment: Object.keys(process.env)
      .filter((name) => !carriers.includes(name))
      .sort()
      .join(" "),
    build_path: resolve("."),
    kernel: release(),
    aslr: stackOfChild() === stackOfChild() ? "fixed addresses" : "random addresses",
    num_cpus: String(availableParallelism()),
    time: String(Math.floor(Date.now() / 1000)),
    user_group: `${String(process.getuid?.())}:${String(process.getgid?.())}`,
    fileordering: orderOf(folder),
    domain_host: hostname(),
    home: homedir(),
    locales: Intl.DateTimeFormat().resolvedOptions().locale,
    exec_path: process.env.PATH ?? "",
    timezone: String(new Date(0).getTimezoneOffset()),
    umask: /^Umask:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "",
  };
}

/** Where a new process has its stack. */
function stackOfChild(): string {
  return execFileSync("/bin/sh", ["-c", "exec cat /proc/self/maps"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.endsWith("[stack]"))
    .join("");
}

/** As readdir(3) gives them; Node's own readdir sorts. */
function orderOf(folder: string): string {
  const names: string[] = [];
  const open = opendirSync(folder);
  for (let entry = open.readSync(); entry !== null; entry = open.readSync()) names.push(entry.name);
  open.closeSync();
  return names.join(" ");
}
