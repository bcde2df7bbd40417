import { type Downloads, describeDownloads } from "../downloads.ts";
import { humanDuration, humanSize } from "../measure.ts";
import type { Row } from "./row.ts";

/** One row for all files of a batch: how many, how much, how fast. */
export function downloadRow(downloads: Downloads): Row {
  let endedAt = downloads.startedAt;
  return (now) => {
    if (downloads.active > 0) {
      endedAt = now;
      const text = `downloads  ${describeDownloads(downloads)}  ${humanSize(downloads.rate())}/s`;
      return { text, state: "running" };
    }
    endedAt = Math.max(endedAt, downloads.lastAt);
    const took = humanDuration(endedAt - downloads.startedAt);
    return { text: `downloads  ${describeDownloads(downloads)} in ${took}`, state: "done" };
  };
}
