import type { Position } from "../../failure/failure.ts";
import type { Breach } from "./breach.ts";

/** A device tree source, as people know it. */
export interface TreeSource {
  readonly file: string;
  readonly text: string;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The line of a source that a breach is about: its property, or else its node. What lies above the node may be
 * in another file, so only the names of nodes that are found inside each other count; where a label or a macro
 * stands for the node, nothing is found, and where one stands for its parent, only a name that is there once. The
 * last source has the last word, as overlays do.
 */
export function locate(
  { node, property }: Pick<Breach, "node" | "property">,
  sources: readonly TreeSource[],
): Position | undefined {
  for (const { file, text } of [...sources].reverse()) {
    const body = bodyOf(node.split("/").filter(Boolean), text);
    if (!body) continue;
    const line = property === undefined ? undefined : propertyIn(text, body, property);
    return positionAt(file, text, line ?? body.start);
  }
  return undefined;
}

function bodyOf(names: readonly string[], text: string): Range | undefined {
  let range: Range = { start: 0, end: text.length };
  let last: Range | undefined = range;
  for (const name of names) {
    const [first, another] = nodesIn(text, range, name);
    last = last === undefined && another ? undefined : first;
    range = last ?? range;
  }
  return names.length === 0 ? undefined : last;
}

/** Nodes of a name, each from that name to the brace that closes it. */
function nodesIn(text: string, { start, end }: Range, name: string): Range[] {
  const header = new RegExp(`(?<![\\w,.+-])${literal(name)}\\s*\\{`, "g");
  header.lastIndex = start;
  const nodes: Range[] = [];
  for (let match = header.exec(text); match && match.index < end; match = header.exec(text)) {
    const closed = closingBrace(text, match.index + match[0].length - 1, end);
    if (closed !== undefined) nodes.push({ start: match.index, end: closed });
  }
  return nodes;
}

function closingBrace(text: string, from: number, end: number): number | undefined {
  let depth = 0;
  for (let at = from; at < end; at += 1) {
    if (text[at] === "{") depth += 1;
    if (text[at] === "}" && (depth -= 1) === 0) return at;
  }
  return undefined;
}

/** Where a property of the node itself is set, not one of a node inside it. */
function propertyIn(text: string, { start, end }: Range, name: string): number | undefined {
  let depth = 0;
  const token = new RegExp(`[{}]|(?<![\\w,.#+-])${literal(name)}(?=\\s*[=;])`, "g");
  token.lastIndex = start;
  for (let match = token.exec(text); match && match.index < end; match = token.exec(text)) {
    if (match[0] === "{") depth += 1;
    else if (match[0] === "}") depth -= 1;
    else if (depth === 1) return match.index;
  }
  return undefined;
}

function positionAt(file: string, text: string, offset: number): Position {
  const before = text.slice(0, offset).split("\n");
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
