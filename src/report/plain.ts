import { type Downloads, type DownloadEvent, trackDownloads } from "./downloads.ts";
import type { BuildEvent } from "./event.ts";
import { count, elapsed, humanDuration, humanSize } from "./measure.ts";
import type { Paint } from "./palette.ts";
import type { Renderer, Write } from "./renderer.ts";

const downloadEveryMs = 10_000;
const outputEveryMs = 60_000;

/** Lines with a clock, for CI logs and pipes: what begins and ends, and a sign of life now and then. */
export function plainRenderer(write: Write, paint: Paint, verbose: boolean): Renderer {
  const say = (at: number, text: string): void => write(`${paint("dim", `[${elapsed(at)}]`)} ${text}\n`);
  let downloads: Downloads | undefined;
  let toldAt = 0;
  let lastAt = 0;
  const nodes = new Map<string, { component: string; expectedLines: number; toldAt: number }>();

  const seeDownload = (event: DownloadEvent): void => {
    if (downloads === undefined) {
      downloads = trackDownloads(event.at);
      toldAt = event.at;
    }
    downloads.see(event);
    if (event.at - toldAt < downloadEveryMs) return;
    toldAt = event.at;
    say(event.at, `downloading: ${describe(downloads)}, ${humanSize(downloads.rate())}/s`);
  };

  const endDownloads = (at: number): void => {
    if (downloads === undefined || downloads.active > 0) return;
    const took = at - downloads.startedAt;
    say(
      at,
      `downloaded ${count(downloads.files, "file")}, ${humanSize(downloads.bytes)} in ${humanDuration(took)}`,
    );
    downloads = undefined;
  };

  const seeOutput = (event: Extract<BuildEvent, { type: "node-output" }>): void => {
    const node = nodes.get(event.node);
    if (verbose) {
      say(event.at, `${event.node}: ${event.line}`);
    } else if (node !== undefined && event.at - node.toldAt >= outputEveryMs) {
      node.toldAt = event.at;
      const part = Math.min(99, Math.floor((100 * event.lines) / node.expectedLines));
      say(
        event.at,
        `${event.node}: ${node.expectedLines > 0 ? `${String(part)} %, ` : ""}${event.line.trim()}`,
      );
    }
  };

  const emit = (event: BuildEvent): void => {
    lastAt = event.at;
    switch (event.type) {
      case "download-started":
      case "download-progress":
      case "download-finished":
        return seeDownload(event);
      case "node-output":
        return seeOutput(event);
      case "root-progress":
        return;
      default:
        endDownloads(event.at);
    }
    switch (event.type) {
      case "notice": {
        const label = event.level === "warning" ? `${paint("yellow", "warning:")} ` : "";
        say(event.at, `${label}${event.message}`);
        if (event.hint !== undefined) say(event.at, `  ${paint("cyan", "hint:")} ${event.hint}`);
        return;
      }
      case "plan": {
        const components = new Set(event.nodes.map((node) => node.component)).size;
        return say(
          event.at,
          `${event.target}: ${count(event.nodes.length, "step")} in ${count(components, "component")}`,
        );
      }
      case "download-retried":
        return say(event.at, `${event.file}: trying again, ${event.place}: ${event.reason}`);
      case "root-started":
        return say(event.at, `root ${event.root}: unpacking ${count(event.packages, "package")}`);
      case "root-finished":
        return say(event.at, `root ${event.root}: ready`);
      case "node-started":
        nodes.set(event.node, {
          component: event.component,
          expectedLines: event.expectedLines ?? 0,
          toldAt: event.at,
        });
        return say(event.at, `${event.node}: started`);
      case "node-finished":
        return finishNode(event);
    }
  };

  const finishNode = (event: Extract<BuildEvent, { type: "node-finished" }>): void => {
    nodes.delete(event.node);
    switch (event.outcome) {
      case "built":
        return say(event.at, `${event.node}: ${paint("green", "built")} in ${humanDuration(event.wall)}`);
      case "cached":
        if (verbose) say(event.at, `${event.node}: from the store`);
        return;
      case "failed":
        return say(event.at, `${event.node}: ${paint("red", "failed")} after ${humanDuration(event.wall)}`);
      case "skipped":
        return say(event.at, `${event.node}: skipped`);
    }
  };

  return {
    emit,
    finish: () => {
      endDownloads(lastAt);
      return Promise.resolve();
    },
  };
}

function describe(downloads: Downloads): string {
  const files = `${String(downloads.finished)} of ${count(downloads.files, "file")}`;
  return `${files}, ${humanSize(downloads.received)} of ${humanSize(downloads.bytes)}`;
}
