import type { RequestedOption, ScriptNode } from "../plan/node.ts";
import type { KconfigDialect, KconfigStep } from "../recipe/schema/step.ts";
import { busybox } from "./dialects/busybox.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { linux } from "./dialects/linux.ts";
import { opensbi } from "./dialects/opensbi.ts";
import { uBoot } from "./dialects/u-boot.ts";
import { dotConfigLine } from "./fragment.ts";

/** Counted up whenever the same rendered step would give another .config or another check. */
export const kconfigStepVersion = 1;

const dialects: Readonly<Record<KconfigDialect, Dialect>> = { linux, "u-boot": uBoot, busybox, opensbi };

type ConfigScript = Required<Pick<ScriptNode, "script" | "texts" | "outputs" | "kconfig">>;

export interface RenderedKconfig extends ConfigScript {
  /** Programs that come with nvlab itself, seen at /project/<path>: only the explain script reads them. */
  readonly explainerFiles: readonly string[];
}

const requestText = (requested: readonly RequestedOption[]): string =>
  requested.map(({ option, value }) => `${dotConfigLine(option, value)}\n`).join("");

/**
 * The config node of a kconfig step. `requested` is what all its fragments ask for, merged. The generated
 * request holds no comments: a comment in a fragment changes no fingerprint.
 */
export function renderKconfig(
  step: KconfigStep["kconfig"],
  requested: readonly RequestedOption[],
): RenderedKconfig {
  const dialect = dialects[step.dialect];
  return {
    script: `# nvlab kconfig step, version ${kconfigStepVersion}\n${dialect.render(step)}`,
    texts: { "requested.config": requestText(requested) },
    outputs: [".config"],
    kconfig: { dialect: step.dialect, requested, explain: dialect.explain(step) },
    explainerFiles: [dialect.explainer],
  };
}

/** Bash lines for the start of a component's run steps: /config/.config goes where the build expects it. */
export function renderInstall(step: KconfigStep["kconfig"]): string {
  return dialects[step.dialect].install(step);
}

/** Bash that makes /out/.config from the defconfig alone. */
export function renderBase(step: KconfigStep["kconfig"]): string {
  return dialects[step.dialect].base(step);
}

/** Bash for a terminal: the tree's menu, then /out/before.config and /out/.config. Texts as for the step. */
export function renderMenuconfig(step: KconfigStep["kconfig"]): string {
  return dialects[step.dialect].menuconfig(step);
}
