import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { lostOptions } from "../kconfig/check.ts";
import { asFragment, diffConfigs, type ConfigDiff } from "../kconfig/diff.ts";
import { dotConfigLine, mergeRequested, parseFragment } from "../kconfig/fragment.ts";
import { renderBase, renderMenuconfig } from "../kconfig/render.ts";
import type { ScriptNode } from "../plan/node.ts";
import type { KconfigStep } from "../recipe/schema/step.ts";
import { planRequested } from "./prepare.ts";
import type { Surroundings, TargetRequest } from "./request.ts";
import { withWorkplace, type Workplace } from "./workplace.ts";

/** The final .config of a component. */
export function finalConfig(
  name: string,
  request: TargetRequest,
  surroundings: Surroundings,
): Promise<Result<string>> {
  return withWorkplace(`${name}/config`, request, surroundings, (place) =>
    makeConfig(place, place.node.script),
  );
}

/** What the recipe's fragments and Kconfig made of the bare defconfig. */
export async function configAgainstDefconfig(
  name: string,
  request: TargetRequest,
  surroundings: Surroundings,
): Promise<Result<ConfigDiff>> {
  const step = await kconfigOf(name, request, surroundings);
  if (!step.ok) return step;
  return withWorkplace(`${name}/config`, request, surroundings, async (place) => {
    const final = await makeConfig(place, place.node.script);
    if (!final.ok) return final;
    const base = await makeConfig(
      place,
      `rm -rf /obj/* /obj/.[!.]* 2>/dev/null || true\n${renderBase(step.value)}`,
    );
    return base.ok ? ok(diffConfigs(base.value, final.value)) : base;
  });
}

export interface TriedOptions {
  readonly diff: ConfigDiff;
  /** Options that Kconfig did not take as asked, each as NAME=wanted, and what it has instead. */
  readonly lost: readonly { readonly option: string; readonly wanted: string; readonly got: string }[];
}

/** What would follow if these options were asked for too. */
export async function tryOptions(
  name: string,
  options: readonly string[],
  request: TargetRequest,
  surroundings: Surroundings,
): Promise<Result<TriedOptions>> {
  const text = options.map((option) => asLine(option)).join("\n");
  const asked = parseFragment("--set", text);
  if (!asked.ok) return asked;
  const before = await finalConfig(name, request, surroundings);
  if (!before.ok) return before;
  const change = (node: ScriptNode): ScriptNode => {
    const all = mergeRequested([node.kconfig?.requested ?? [], asked.value]);
    const lines = all.map(({ option, value }) => `${dotConfigLine(option, value)}\n`).join("");
    return { ...node, texts: { ...node.texts, "requested.config": lines } };
  };
  return withWorkplace(
    `${name}/config`,
    request,
    surroundings,
    async (place) => {
      const after = await makeConfig(place, place.node.script);
      if (!after.ok) return after;
      return ok({
        diff: diffConfigs(before.value, after.value),
        lost: lostOptions(asked.value, after.value).map(({ requested, got }) => ({
          option: requested.option,
          wanted: requested.value,
          got,
        })),
      });
    },
    change,
  );
}

/** The tree's own menu on the person's terminal; what was changed there, as the text of a fragment. */
export async function editConfig(
  name: string,
  request: TargetRequest,
  surroundings: Surroundings,
  terminal: { readonly term: string | undefined; readonly use: <T>(work: () => Promise<T>) => Promise<T> },
): Promise<Result<string>> {
  const step = await kconfigOf(name, request, surroundings);
  if (!step.ok) return step;
  return withWorkplace(`${name}/config`, request, surroundings, async (place) => {
    const command = ["/usr/bin/bash", "-euo", "pipefail", "-c", renderMenuconfig(step.value)];
    const status = await terminal.use(() => place.enter(command, terminal.term));
    if (!status.ok) return status;
    const [before, after] = [join(place.out, "before.config"), join(place.out, ".config")];
    if (status.value !== 0 || !existsSync(before) || !existsSync(after)) {
      return failed({
        code: "NVLAB_KCONFIG",
        message: `the menu ended with status ${String(status.value)}; nothing was changed`,
      });
    }
    return ok(asFragment(readFileSync(before, "utf8"), readFileSync(after, "utf8")));
  });
}

async function makeConfig(place: Workplace, script: string): Promise<Result<string>> {
  const status = await place.ask(script);
  if (!status.ok) return status;
  const path = join(place.out, ".config");
  if (status.value === 0 && existsSync(path)) return ok(readFileSync(path, "utf8"));
  return failed({
    code: "NVLAB_KCONFIG",
    message: `'${place.node.component}' could not be configured (status ${String(status.value)})`,
    details: readFileSync(place.log, "utf8").trimEnd().split("\n").slice(-15),
  });
}

async function kconfigOf(
  name: string,
  request: TargetRequest,
  surroundings: Surroundings,
): Promise<Result<KconfigStep["kconfig"]>> {
  const prepared = await planRequested(request, surroundings);
  if (!prepared.ok) return prepared;
  const kconfig = prepared.value.planned.checked.components.get(name)?.kconfig;
  return kconfig ? ok(kconfig) : failed({ code: "NVLAB_USAGE", message: `'${name}' has no Kconfig` });
}

/** NAME=VALUE as people type it: CONFIG_ may be left out. */
function asLine(option: string): string {
  const full = option.startsWith("CONFIG_") ? option : `CONFIG_${option}`;
  return full.endsWith("=n") ? `# ${full.slice(0, -2)} is not set` : full;
}
