import type { NodeEvent } from "../event-kinds.ts";
import { humanDuration } from "../measure.ts";
import type { Row } from "./row.ts";

interface ActiveNode {
  readonly expectedLines: number;
  lines: number;
  line: string;
}

/** A component's row: the steps at work, how far they are, how long it took. */
export interface ComponentProgress {
  readonly see: (event: NodeEvent) => void;
  readonly row: Row;
}

/** `open` holds the planned nodes that have not finished; it is the caller's and is kept current here. */
export function trackComponent(name: string, startedAt: number, open: Set<string>): ComponentProgress {
  const active = new Map<string, ActiveNode>();
  let finishedAt = startedAt;
  let hasFailed = false;

  const see = (event: NodeEvent): void => {
    switch (event.type) {
      case "node-started":
        active.set(event.node, { expectedLines: event.expectedLines ?? 0, lines: 0, line: "" });
        return;
      case "node-output": {
        const node = active.get(event.node);
        if (node !== undefined) {
          node.lines = event.lines;
          node.line = event.line;
        }
        return;
      }
      case "node-finished":
        open.delete(event.node);
        active.delete(event.node);
        finishedAt = event.at;
        hasFailed ||= event.outcome === "failed";
    }
  };

  const row: Row = (now) => {
    const took = humanDuration(finishedAt - startedAt);
    if (active.size === 0 && hasFailed) return { text: `${name}  failed after ${took}`, state: "failed" };
    if (active.size === 0 && open.size === 0) return { text: `${name}  built in ${took}`, state: "done" };
    const parts = [name, ...[...active].flatMap(([id, node]) => describeNode(name, id, node))];
    parts.push(humanDuration(now - startedAt), lastLine([...active.values()]));
    return { text: parts.filter((part) => part !== "").join("  "), state: "running" };
  };

  return { see, row };
}

/** "config", "build", "build  43 %": the node as seen from its component. */
function describeNode(component: string, id: string, node: ActiveNode): string[] {
  const own = id.startsWith(`${component}/`) ? id.slice(component.length + 1) : id;
  return [id === component ? "build" : own, percentage(node.lines, node.expectedLines)];
}

/** What the last build's number of lines lets one expect; never 100 before the end. Empty where unknown. */
export function percentage(lines: number, expectedLines: number): string {
  if (expectedLines <= 0) return "";
  return `${String(Math.min(99, Math.floor((100 * lines) / expectedLines)))} %`;
}

function lastLine(nodes: readonly ActiveNode[]): string {
  return nodes.at(-1)?.line.trim().replace(/\s+/g, " ") ?? "";
}
