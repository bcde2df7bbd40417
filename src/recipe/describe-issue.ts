import type { z } from "zod";

type Issue = z.core.$ZodIssue;

export interface Fault {
  readonly path: (string | number)[];
  /** The offending key itself, where it is the key that is wrong. */
  readonly key?: string;
  readonly message: string;
  readonly hint?: string;
}

/** Says what zod found in the words of somebody who writes YAML. */
export function describeIssues(issues: readonly Issue[], base: (string | number)[] = []): Fault[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
    const name = path.length > 0 ? `'${path.join(".")}'` : "the document";
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((key) => ({
          path,
          key,
          message: `unknown key '${key}' in ${name}`,
          hint: "take it out, or look for its spelling in the schema (`schema/`)",
        }));
      case "invalid_type":
        return [
          issue.input === undefined && issue.message.includes("received undefined")
            ? { path, message: `${name} is missing (${issue.expected})` }
            : { path, message: `${name}: ${lowerFirst(issue.message)}` },
        ];
      case "invalid_union":
        return issue.errors.length === 0
          ? [{ path, message: `${name}: ${lowerFirst(issue.message)}` }]
          : closest(issue.errors, path);
      case "invalid_key":
        return [{ path, message: `${name} is not a valid name: ${issue.issues[0]?.message ?? ""}` }];
      case "custom":
      case "invalid_element":
      case "invalid_format":
      case "invalid_value":
      case "not_multiple_of":
      case "too_big":
      case "too_small":
        return [{ path, message: `${name}: ${lowerFirst(issue.message)}` }];
    }
  });
}

/** Of the alternatives of a union, the one that was probably meant: with the fewest wrong or missing keys. */
function closest(alternatives: readonly (readonly Issue[])[], path: (string | number)[]): Fault[] {
  const cost = (issues: readonly Issue[]): number =>
    issues.reduce((sum, issue) => {
      const shallow = issue.path.length === 0;
      if (issue.code === "unrecognized_keys") return sum + (shallow ? 10 : 1) * issue.keys.length;
      const missing = issue.code === "invalid_type" && issue.path.length === 1;
      return sum + (shallow || missing ? 10 : 1);
    }, 0);
  const [first = []] = [...alternatives].sort((a, b) => cost(a) - cost(b));
  return describeIssues(first, path);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
