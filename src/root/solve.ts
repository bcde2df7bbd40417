import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { interruptedFailure } from "../fetch/attempt.ts";
import { listed, type Listed } from "./apt-records.ts";
import { complaints, type AptRoot } from "./apt-root.ts";
import { compareVersions } from "./debian-version.ts";

/** What apt would do. */
export interface Solution {
  readonly install: readonly { readonly name: string; readonly version: string }[];
  readonly remove: readonly string[];
}

export interface SolveRequest {
  /** As in a root's recipe: name or name/suite. */
  readonly packages: readonly string[];
  /** name=version of files that have left the mirror although an index lists them. */
  readonly forbidden: ReadonlySet<string>;
  /** Packages of an earlier resolution stand in the status file: leave them as they are where that is possible. */
  readonly keep: boolean;
}

/** Reads the lines of `apt-get --simulate install`. */
export function parseSimulation(text: string): Solution {
  const install = [...text.matchAll(/^Inst (\S+) (?:\[\S+\] )?\((\S+) /gm)];
  const remove = [...text.matchAll(/^Remv (\S+) /gm)];
  return {
    install: install.map((match) => ({ name: nameOnly(match[1] ?? ""), version: match[2] ?? "" })),
    remove: remove.map((match) => nameOnly(match[1] ?? "")),
  };
}

function nameOnly(name: string): string {
  return name.replace(/:\w+$/, "");
}

/** What is not met, as apt explains it: who depends on whom. */
export function parseUnmet(text: string): { by: string; on: string }[] {
  const unmet: { by: string; on: string }[] = [];
  let by = "";
  for (const line of text.split("\n")) {
    const match = /^ (?:(\S+) : |\s+)(?:Pre)?(?:-?Depends|Breaks|Conflicts): (\S+)/.exec(line);
    if (match === null) continue;
    by = match[1] === undefined ? by : nameOnly(match[1]);
    unmet.push({ by, on: nameOnly(match[2] ?? "") });
  }
  return unmet;
}

function pin(name: string, version: string, priority: number): string {
  return `Package: ${name}\nPin: version ${version}\nPin-Priority: ${priority}\n\n`;
}

function newestOf(versions: readonly Listed[]): string | undefined {
  return versions
    .map(({ version }) => version)
    .sort(compareVersions)
    .at(-1);
}

const mostRounds = 20;

/**
 * Lets apt choose versions. For `name/suite`, the package and what it needs newer than elsewhere come from that
 * suite: apt itself goes only one step, so what it finds unmet is pinned to the suite and asked again.
 */
export async function solve(apt: AptRoot, request: SolveRequest): Promise<Result<Solution>> {
  const names = request.packages.map((spec) => spec.split("/")[0] ?? spec);
  const suiteOf = new Map<string, string>();
  for (const spec of request.packages) {
    const [name = spec, suite] = spec.split("/");
    if (suite !== undefined) suiteOf.set(name, suite);
  }
  const forbidden = [...request.forbidden].map((spec) => {
    const [name = "", version = ""] = spec.split("=");
    return pin(name, version, -1);
  });
  const versions = new Map<string, Listed[]>();
  for (let round = 0; ; round += 1) {
    const unknown = [...suiteOf.keys()].filter((name) => !versions.has(name));
    const found = await listed(apt, unknown);
    for (const name of unknown)
      versions.set(
        name,
        found.filter((entry) => entry.name === name),
      );
    const chosen = [...suiteOf].flatMap(([name, suite]) => {
      const there = (versions.get(name) ?? []).filter(
        (entry) => entry.suite === suite && !request.forbidden.has(`${name}=${entry.version}`),
      );
      const version = newestOf(there);
      return version === undefined ? [] : [pin(name, version, 990)];
    });
    await writeFile(join(apt.folder, "etc", "preferences"), [...forbidden, ...chosen].join(""));
    const flags = request.keep ? ["--fix-broken", "--no-upgrade", "--auto-remove"] : [];
    const run = await apt.run("apt-get", ["install", "--simulate", "-q", "-y", ...flags, ...names]);
    if (run.status === 0) return ok(parseSimulation(run.stdout));

    const before = suiteOf.size;
    for (const { by, on } of parseUnmet(run.stdout)) {
      const suite = suiteOf.get(by);
      if (suite !== undefined && !suiteOf.has(on)) suiteOf.set(on, suite);
    }
    if (suiteOf.size > before && round < mostRounds) continue;
    const unmet = run.stdout
      .split("\n")
      .filter((line) => /^ \S+ : |^ {2,}\S*(?:Depends|Breaks|Conflicts):/.test(line));
    return failed({
      code: "NVLAB_RESOLVE",
      message: "apt finds no set of packages that fits together",
      hint: "look at the packages and suites of the root's recipe",
      details: [...complaints({ ...run, stdout: "" }), ...unmet.map((line) => line.trim())],
    });
  }
}

/** The failure after an interrupt, which killed whatever was running. */
export function unlessInterrupted<T>(result: Result<T>, signal: AbortSignal): Result<T> {
  return signal.aborted ? failed(interruptedFailure) : result;
}
