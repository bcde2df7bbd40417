import type { BuildEvent } from "./event.ts";
import type { EventOf } from "./event-kinds.ts";
import { count, humanDuration } from "./measure.ts";
import type { Paint } from "./palette.ts";

/** The lines of a log that an event is worth; none for what only a live view shows. */
export function plainLines(event: BuildEvent, paint: Paint, verbose: boolean): string[] {
  switch (event.type) {
    case "notice":
      return noticeLines(event, paint);
    case "plan":
      return [`${event.target}: ${count(event.nodes.length, "step")}, ${componentCount(event)}`];
    case "download-retried":
      return [`${event.file}: trying again, ${event.place}: ${event.reason}`];
    case "root-started":
      return [`root ${event.root}: unpacking ${count(event.packages, "package")}`];
    case "root-finished":
      return [`root ${event.root}: ready`];
    case "node-started":
      return [`${event.node}: started`];
    case "node-output":
      return verbose ? [`${event.node}: ${event.line}`] : [];
    case "node-finished":
      return finishedLines(event, paint, verbose);
    case "download-started":
    case "download-progress":
    case "download-finished":
    case "root-progress":
      return [];
  }
}

function noticeLines(event: EventOf<"notice">, paint: Paint): string[] {
  const label = event.level === "warning" ? `${paint("yellow", "warning:")} ` : "";
  const hint = event.hint === undefined ? [] : [`  ${paint("cyan", "hint:")} ${event.hint}`];
  const [first = "", ...rest] = event.message.split("\n");
  return [`${label}${first}`, ...rest, ...hint];
}

function componentCount(event: EventOf<"plan">): string {
  return count(new Set(event.nodes.map((node) => node.component)).size, "component");
}

function finishedLines(event: EventOf<"node-finished">, paint: Paint, verbose: boolean): string[] {
  switch (event.outcome) {
    case "built":
      return [`${event.node}: ${paint("green", "built")} in ${humanDuration(event.wall)}`];
    case "failed":
      return [`${event.node}: ${paint("red", "failed")} after ${humanDuration(event.wall)}`];
    case "skipped":
      return [`${event.node}: skipped`];
    case "cached":
      return verbose ? [`${event.node}: from the store`] : [];
  }
}
