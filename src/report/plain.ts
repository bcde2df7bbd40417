import { type Downloads, describeDownloads, trackDownloads } from "./downloads.ts";
import type { DownloadEvent, EventOf } from "./event-kinds.ts";
import { elapsed, humanDuration, humanSize } from "./measure.ts";
import type { Paint } from "./palette.ts";
import { plainLines } from "./plain-line.ts";
import { percentage } from "./progress/component-row.ts";
import type { Renderer, Write } from "./renderer.ts";

const downloadEveryMs = 10_000;
const outputEveryMs = 60_000;

/** Lines with a clock, for CI logs and pipes: what begins and ends, and a sign of life now and then. */
export function plainRenderer(write: Write, paint: Paint, verbose: boolean): Renderer {
  const say = (at: number, text: string): void => {
    write(`${paint("dim", `[${elapsed(at)}]`)} ${text}\n`);
  };
  const running = new Map<string, { readonly expectedLines: number; toldAt: number }>();
  let downloads: Downloads | undefined;
  let toldAt = 0;

  const seeDownload = (event: DownloadEvent): void => {
    if (downloads === undefined) {
      downloads = trackDownloads(event.at);
      toldAt = event.at;
    }
    downloads.see(event);
    if (event.at - toldAt < downloadEveryMs) return;
    toldAt = event.at;
    say(event.at, `downloading: ${describeDownloads(downloads)}, ${humanSize(downloads.rate())}/s`);
  };

  const endDownloads = (): void => {
    if (downloads === undefined || downloads.active > 0) return;
    const took = humanDuration(downloads.lastAt - downloads.startedAt);
    say(downloads.lastAt, `downloaded ${describeDownloads(downloads)} in ${took}`);
    downloads = undefined;
  };

  const seeOutput = (event: EventOf<"node-output">): void => {
    const node = running.get(event.node);
    if (verbose || node === undefined || event.at - node.toldAt < outputEveryMs) return;
    node.toldAt = event.at;
    const part = percentage(event.lines, node.expectedLines);
    say(event.at, `${event.node}: ${part === "" ? "" : `${part}, `}${event.line.trim()}`);
  };

  return {
    emit: (event) => {
      switch (event.type) {
        case "download-started":
        case "download-progress":
        case "download-finished":
          seeDownload(event);
          return;
        case "node-started":
          running.set(event.node, { expectedLines: event.expectedLines ?? 0, toldAt: event.at });
          break;
        case "node-output":
          seeOutput(event);
          break;
        case "node-finished":
          running.delete(event.node);
          break;
        case "notice":
        case "plan":
        case "download-retried":
        case "root-started":
        case "root-progress":
        case "root-finished":
          break;
      }
      endDownloads();
      for (const line of plainLines(event, paint, verbose)) say(event.at, line);
    },
    finish: () => {
      endDownloads();
      return Promise.resolve();
    },
  };
}
