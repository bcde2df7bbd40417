import { type FindingState, findingStates } from "./finding-state.ts";
import type { InventoryComponent } from "./inventory.ts";
import type { Match } from "./match.ts";
import type { Severity } from "./severity.ts";
import { worse } from "./severity.ts";
import type { VexJudgement } from "./vex.ts";

export interface Finding {
  /** The CVE number where it has one. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly component: {
    readonly ref: string;
    readonly name: string;
    readonly version?: string;
    readonly purl?: string;
    readonly role: InventoryComponent["role"];
  };
  readonly state: FindingState;
  /** Why it has this state, where that is not the version alone. */
  readonly reason?: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly url?: string;
  /** The first version that is not affected any more. */
  readonly fixed?: string;
  readonly files?: readonly string[];
}

/** Makes findings of matches: records of one vulnerability become one, and what is said against it is heard. */
export function findings(
  matches: readonly Match[],
  judge: (ids: readonly string[], component: InventoryComponent) => VexJudgement | undefined,
): Finding[] {
  return groupAliases(matches)
    .map((group) => compose(group, judge))
    .sort(byUrgency);
}

function compose(
  group: readonly [Match, ...Match[]],
  judge: (ids: readonly string[], component: InventoryComponent) => VexJudgement | undefined,
): Finding {
  const ids = [...new Set(group.flatMap((match) => [match.id, ...match.aliases]))].sort();
  const id = ids.find((name) => name.startsWith("CVE-")) ?? group[0].id;
  const [{ component }] = group;
  const files = [...new Set(group.flatMap((match) => match.files))].sort();
  const url = group.find((match) => match.url !== undefined)?.url;
  const fixed = group.find((match) => match.fixed !== undefined)?.fixed;
  const summary = group.map((match) => match.summary).find((text) => text !== "") ?? "";
  return {
    id,
    aliases: ids.filter((name) => name !== id),
    component: {
      ref: component.ref,
      name: component.name,
      ...(component.version === undefined ? {} : { version: component.version }),
      ...(component.purlText === undefined ? {} : { purl: component.purlText }),
      role: component.role,
    },
    ...stateOf(group, ids, judge(ids, component)),
    severity: group.map((match) => match.severity).reduce(worse),
    summary,
    ...(url === undefined ? {} : { url }),
    ...(fixed === undefined ? {} : { fixed }),
    ...(files.length === 0 ? {} : { files }),
  };
}

/** A person's word counts first, then the patch that resolves it, then what was not compiled, then the versions. */
function stateOf(
  group: readonly [Match, ...Match[]],
  ids: readonly string[],
  vex: VexJudgement | undefined,
): { state: FindingState; reason?: string } {
  if (vex !== undefined && vex.state !== "affected") return vex;
  const patch = ids.map((id) => group[0].component.patched.get(id)).find((found) => found !== undefined);
  if (patch !== undefined) return { state: "fixed", reason: `patched: ${patch}` };
  if (vex !== undefined) return vex;
  const leftOut = group.find((match) => match.leftOut);
  if (leftOut !== undefined) {
    const [first, ...rest] = leftOut.files;
    const more = rest.length === 0 ? "" : ` and ${rest.length} more`;
    return { state: "not-built", reason: `not compiled: ${first ?? ""}${more}` };
  }
  if (group.some((match) => match.status === "affected")) return { state: "affected" };
  return { state: "undecided", reason: "the record does not tell for this version" };
}

/** Matches of one component that share an id or alias, however indirectly. */
function groupAliases(matches: readonly Match[]): [Match, ...Match[]][] {
  const groups: [Match, ...Match[]][] = [];
  const groupOf = new Map<string, [Match, ...Match[]]>();
  for (const match of matches) {
    const names = [match.id, ...match.aliases].map((name) => `${match.component.ref}\n${name}`);
    const known = new Set(names.map((name) => groupOf.get(name)).filter((group) => group !== undefined));
    const merged: [Match, ...Match[]] = [match];
    for (const group of known) {
      merged.push(...group);
      groups.splice(groups.indexOf(group), 1);
    }
    groups.push(merged);
    for (const member of merged)
      for (const name of [member.id, ...member.aliases])
        groupOf.set(`${member.component.ref}\n${name}`, merged);
  }
  return groups;
}

/** Open ones first, the worst first, then by name: the same findings in the same order every time. */
function byUrgency(a: Finding, b: Finding): number {
  const state = findingStates.indexOf(a.state) - findingStates.indexOf(b.state);
  if (state !== 0) return state;
  if (a.severity.level !== b.severity.level) return worse(a.severity, b.severity) === a.severity ? -1 : 1;
  const score = (b.severity.score ?? -1) - (a.severity.score ?? -1);
  return score !== 0 ? score : compareText(`${a.id} ${a.component.ref}`, `${b.id} ${b.component.ref}`);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
