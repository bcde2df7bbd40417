import type { Failure } from "../failure/failure.ts";
import type { LostOption } from "./check.ts";
import { parseExplanations, type Explanation, type UnmetTerm } from "./explanation.ts";

interface Verdict {
  readonly because: string;
  readonly hint: string;
}

/** The environment in which the explain script of a config node has to run. */
export function explainEnvironment(lost: readonly LostOption[]): Record<string, string> {
  return { NVLAB_LOST: lost.map(({ requested }) => requested.option).join(" ") };
}

/**
 * A failure (NVLAB_KCONFIG) for each lost option, at the fragment line that asked for it, with the reason
 * from the output of the explain script; without one where the script did not get that far.
 */
export function lostOptionFailures(lost: readonly LostOption[], explainOutput: string): Failure[] {
  const explanations = parseExplanations(explainOutput);
  return lost.map((option) => {
    const { requested } = option;
    const { because, hint } = judge(option, explanations.get(requested.option));
    const asked = `${requested.option}=${requested.value} (${requested.file}:${requested.line})`;
    return {
      code: "NVLAB_KCONFIG",
      message: `${asked} ${fate(option)}: ${because}`,
      at: { file: requested.file, line: requested.line, column: 1 },
      hint,
    };
  });
}

function fate({ requested, got }: LostOption): string {
  if (got === "n") return "was dropped";
  return requested.value === "n" ? `is ${got} all the same` : `became ${got}`;
}

/** The first reason that applies, from the most telling to the least. */
function judge(lost: LostOption, explanation: Explanation | undefined): Verdict {
  if (explanation === undefined) {
    return {
      because: "the tree's Kconfig did not say why",
      hint: "look at it with `nvlab config --menuconfig`",
    };
  }
  return (
    missing(explanation) ??
    (lost.requested.value === "n" ? heldOn(explanation) : undefined) ??
    unmetDependency(explanation) ??
    choice(explanation) ??
    wrongValue(lost, explanation) ??
    withoutPrompt(explanation) ?? {
      because: `the final .config has ${lost.got}`,
      hint: "look at it with `nvlab config --menuconfig`",
    }
  );
}

function missing({ exists, similar }: Explanation): Verdict | undefined {
  if (exists) return undefined;
  const names = similar.map((name) => `CONFIG_${name}`);
  return {
    because: "no Kconfig file of this tree defines it",
    hint:
      names.length > 0 ? `is it ${names.join(" or ")}?` : "remove the line, or find the option's new name",
  };
}

function heldOn({ selectedBy, prompt }: Explanation): Verdict | undefined {
  const selectors = Object.entries(selectedBy).filter(([, value]) => value === "y" || value === "m");
  if (selectors.length > 0) {
    const names = selectors.map(([name]) => name);
    return {
      because: `it is selected by ${selectors.map(([name, value]) => `${name}=${value}`).join(", ")}`,
      hint: `switch off what selects it: ${names.slice(0, 4).map(offLine).join("; ")}`,
    };
  }
  if (prompt !== undefined) return undefined;
  return {
    because: "it has no prompt, so that a default of the tree decides",
    hint: "remove the line, or patch the Kconfig file",
  };
}

function unmetDependency({ depends, unmet }: Explanation): Verdict | undefined {
  if (unmet.length === 0) return undefined;
  const options = new Map(unmet.flatMap((term) => Object.entries(term.options)));
  const values = [...options].map(([name, value]) =>
    value === "undefined" ? `${name} does not exist` : `${name}=${value === "" ? '""' : value}`,
  );
  const because = `it depends on ${depends ?? unmet.map(({ term }) => term).join(" && ")}`;
  return {
    because: values.length > 0 ? `${because}; ${values.join(", ")}` : because,
    hint: `add ${unmet.map(remedy).join(" and ")}`,
  };
}

/** The line that makes a plain term hold; the term itself where it takes a choice between several. */
function remedy({ term }: UnmetTerm): string {
  const plain = /^(!?)([A-Za-z0-9_]+)(?:=([ymn]))?$/.exec(term);
  if (plain?.[2] === undefined) return `what makes "${term}" true`;
  const [, not, name, value] = plain;
  if (not === "!") return `"${offLine(name)}"`;
  return value === "n" ? `"${offLine(name)}"` : `CONFIG_${name}=${value ?? "y"}`;
}

function offLine(name: string): string {
  return `# CONFIG_${name} is not set`;
}

function choice({ chosen }: Explanation): Verdict | undefined {
  if (chosen === undefined) return undefined;
  return {
    because: `it is one of a choice, and CONFIG_${chosen} was chosen`,
    hint: `ask for only one of them: remove CONFIG_${chosen}=y, or let the wanted one come last`,
  };
}

function wrongValue({ requested, got }: LostOption, { range, type }: Explanation): Verdict | undefined {
  if (range !== undefined) {
    return {
      because: `its range is ${range[0]} to ${range[1]}`,
      hint: `ask for a value from ${range[0]} to ${range[1]}`,
    };
  }
  if (requested.value === "m" && type.startsWith("bool")) {
    return { because: `it is a ${type}, which cannot be a module`, hint: `ask for ${requested.option}=y` };
  }
  const text = requested.value.startsWith('"');
  if (text !== (type === "string") && type !== "") {
    return { because: `it is of the type ${type} (now ${got})`, hint: `give it a value of the type ${type}` };
  }
  return undefined;
}

function withoutPrompt({ prompt, selectedBy }: Explanation): Verdict | undefined {
  if (prompt !== undefined) return undefined;
  const selectors = Object.keys(selectedBy).sort();
  const shown = selectors.slice(0, 6).map((name) => `CONFIG_${name}`);
  const more = selectors.length > shown.length ? `, and ${selectors.length - shown.length} more` : "";
  return {
    because: "it has no prompt, it can only be selected by another option",
    hint:
      selectors.length > 0
        ? `ask for an option that selects it: ${shown.join(", ")}${more}`
        : "remove the line: no option selects it",
  };
}
