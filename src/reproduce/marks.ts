import type { Marks } from "./cause.ts";
import type { Conditions } from "./conditions.ts";
import type { Observations } from "./varied.ts";

/** What could have leaked from either build, by what probes saw of both. */
export function marksOf(before: Observations, after: Observations, conditions: Conditions): Marks {
  const seen = [before.outside, before.inside, after.outside, after.inside];
  const all = (name: "build_path" | "domain_host" | "home"): string[] => [
    ...new Set(seen.flatMap((one) => one[name] ?? [])),
  ];
  const { environment, execPath, user } = conditions;
  return {
    paths: all("build_path").filter((path) => path.length > 4),
    hostnames: all("domain_host").filter((name) => name.length > 2),
    homes: all("home").filter((home) => home !== "/tmp"),
    environment: [...Object.keys(environment), execPath ?? ""],
    users: user === undefined ? [] : [String(user.uid), String(user.gid), "varied-user"],
    cpus: [before.inside.num_cpus ?? "", after.inside.num_cpus ?? ""],
    locales: before.inside.locales === after.inside.locales ? [] : [conditions.locale],
    years: yearsOf([before.inside.time, after.inside.time]),
  };
}

/** None where both clocks showed the same year: it tells nothing then. */
function yearsOf(times: readonly (string | undefined)[]): string[] {
  const years = new Set(times.map((time) => new Date(Number(time) * 1000).getUTCFullYear()));
  return years.size < 2 ? [] : [...years].map(String);
}
