import type { Signature } from "./fingerprint.ts";
import type { BuildMemory, NodeMemory } from "./last-build.ts";

/** One input of a node that is not as it was in the last build. */
export interface Difference {
  /** As a person would name it: the patch 0001-fix.patch, the option CONFIG_FAST. */
  readonly what: string;
  readonly change: "added" | "removed" | "changed";
  /** Where to look, or from what to what. */
  readonly detail?: string;
  /** For an input from another node: that node, whose own differences are the reason. */
  readonly node?: string;
}

export interface Remembered {
  readonly node: NodeMemory;
  readonly roots: BuildMemory["roots"];
  /** Which node a mount of this node comes from; "source" stands for the tree that patches are applied to. */
  readonly nodeOf?: (mount: string) => string | undefined;
}

/** Which inputs differ between two builds of a node, each named as a person would. */
export function differences(before: Remembered, after: Remembered): Difference[] {
  const [old, now] = [byPatchName(before.node.signature), byPatchName(after.node.signature)];
  const found = [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    if (was === is) return [];
    const change = was === undefined ? "added" : is === undefined ? "removed" : "changed";
    return describe(key, change, before, after, was, is);
  });
  const reordered = found.length === 0 && before.node.fingerprint !== after.node.fingerprint;
  return reordered ? [{ what: "the order of the patches", change: "changed" }] : found;
}

/** Patches by name and not by place: a new first one would else seem to change all of them. */
function byPatchName(signature: Signature): Map<string, string> {
  const named = new Map<string, string>();
  for (const [key, value] of Object.entries(signature)) {
    const name = key.replace(/^patch \d+ /, "patch ");
    named.set(named.has(name) ? key : name, value);
  }
  return named;
}

function describe(
  key: string,
  change: Difference["change"],
  before: Remembered,
  after: Remembered,
  was: string | undefined,
  is: string | undefined,
): Difference[] {
  const space = key.indexOf(" ");
  const [kind, name] = space < 0 ? [key, ""] : [key.slice(0, space), key.slice(space + 1)];
  const fromTo = was !== undefined && is !== undefined ? { detail: `${was} → ${is}` } : {};
  switch (kind) {
    case "environment":
      return [{ what: `the variable ${name}`, change, ...fromTo }];
    case "file":
      return [{ what: `the file ${name}`, change }];
    case "patch":
      return [{ what: `the patch ${name.replace(/^\d+ /, "")}`, change }];
    case "overlay":
      return [{ what: `the overlay file ${name}`, change }];
    case "text":
      return name === "requested.config"
        ? changedOptions(before, after)
        : [{ what: `the generated ${name}`, change }];
    case "input": {
      const node = after.nodeOf?.(name) ?? before.nodeOf?.(name);
      return [{ what: `what is at ${name}`, change, ...(node !== undefined && { node }) }];
    }
    case "root":
      return changedPackages(before, after);
    case "script":
      return [
        {
          what: "the script of its steps",
          change,
          ...firstDifferentLine(before.node.script, after.node.script),
        },
      ];
    case "source": {
      const node = after.nodeOf?.(kind);
      return [{ what: "the source", change, ...(node === undefined ? fromTo : { node }) }];
    }
    case "signing":
      return [{ what: "the key that signs it", change, ...fromTo }];
    case "strip":
      return [{ what: "how many leading folders are dropped", change, ...fromTo }];
    case "outputs":
      return [{ what: "the list of outputs", change, ...fromTo }];
    case "kind":
      return [{ what: "nvlab's own way of making it", change, ...fromTo }];
    case "incremental":
      return [{ what: "the option --incremental", change }];
    case "epoch":
      return [{ what: "the build epoch", change, ...fromTo }];
    case "sandbox":
      return [{ what: "nvlab's sandbox policy", change, ...fromTo }];
    default:
      return [{ what: key, change, ...fromTo }];
  }
}

function changedOptions(before: Remembered, after: Remembered): Difference[] {
  const asked = ({ node }: Remembered) => new Map((node.requested ?? []).map((one) => [one.option, one]));
  const [was, is] = [asked(before), asked(after)];
  const found = [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((option): Difference[] => {
    const [old, now] = [was.get(option), is.get(option)];
    if (old?.value === now?.value) return [];
    const where = now ?? old;
    const values = old && now ? `${old.value} → ${now.value}` : (where?.value ?? "");
    const change = old === undefined ? "added" : now === undefined ? "removed" : "changed";
    return [
      {
        what: `the option ${option}`,
        change,
        detail: `${values} (${where?.file ?? ""}:${String(where?.line ?? 0)})`,
      },
    ];
  });
  return found.length > 0 ? found : [{ what: "the order of the options", change: "changed" }];
}

function changedPackages(before: Remembered, after: Remembered): Difference[] {
  const packages = ({ roots }: Remembered) =>
    new Map(
      Object.values(roots)
        .flat()
        .map((line) => line.split(" ", 2) as [string, string]),
    );
  const [was, is] = [packages(before), packages(after)];
  const found = [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name): Difference[] => {
    const [old, now] = [was.get(name), is.get(name)];
    if (old === now) return [];
    const change = old === undefined ? "added" : now === undefined ? "removed" : "changed";
    return [
      { what: `the package ${name}`, change, detail: old && now ? `${old} → ${now}` : (now ?? old ?? "") },
    ];
  });
  return found.length > 0 ? found : [{ what: "the root", change: "changed" }];
}

function firstDifferentLine(before = "", after = ""): { detail?: string } {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const index = now.findIndex((line, at) => line !== old[at]);
  const line = index >= 0 ? now[index] : old[now.length];
  return line === undefined || before === "" ? {} : { detail: `first at: ${line.trim()}` };
}
