import type { DownloadEvent } from "./event-kinds.ts";
import { count, humanSize } from "./measure.ts";

/** Many downloads as one: counts, bytes and the rate of late. */
export interface Downloads {
  /** Files begun and not finished. */
  readonly active: number;
  readonly files: number;
  readonly finished: number;
  readonly received: number;
  /** Bytes of all files begun: grows while files are added. */
  readonly bytes: number;
  readonly startedAt: number;
  /** When the last event came. */
  readonly lastAt: number;
  readonly see: (event: DownloadEvent) => void;
  /** Bytes a second over the last few seconds. */
  readonly rate: () => number;
}

const windowMs = 3000;

/** Adds up the downloads that are told to it. */
export function trackDownloads(startedAt: number): Downloads {
  const files = new Map<string, { received: number; bytes: number; done: boolean }>();
  const samples: { at: number; received: number }[] = [{ at: startedAt, received: 0 }];
  const sum = (of: (file: { received: number; bytes: number; done: boolean }) => number): number =>
    [...files.values()].reduce((total, file) => total + of(file), 0);
  const received = (): number => sum((file) => file.received);
  return {
    get active() {
      return sum((file) => (file.done ? 0 : 1));
    },
    get files() {
      return files.size;
    },
    get finished() {
      return sum((file) => (file.done ? 1 : 0));
    },
    get received() {
      return received();
    },
    get bytes() {
      return sum((file) => file.bytes);
    },
    startedAt,
    get lastAt() {
      return samples.at(-1)?.at ?? startedAt;
    },
    see: (event) => {
      const done = event.type === "download-finished";
      const part = event.type === "download-progress" ? event.received : done ? event.bytes : 0;
      files.set(event.file, { received: part, bytes: event.bytes, done });
      samples.push({ at: event.at, received: received() });
      while (samples.length > 2 && event.at - (samples[0]?.at ?? 0) > windowMs) samples.shift();
    },
    rate: () => {
      const first = samples[0];
      const last = samples.at(-1);
      if (first === undefined || last === undefined || last.at <= first.at) return 0;
      return Math.max(0, last.received - first.received) / ((last.at - first.at) / 1000);
    },
  };
}

/** "34 of 83 files, 120.0 MiB of 300.0 MiB", or once they are all there "83 files, 300.0 MiB". */
export function describeDownloads(downloads: Downloads): string {
  if (downloads.active === 0) return `${count(downloads.files, "file")}, ${humanSize(downloads.bytes)}`;
  const files = `${String(downloads.finished)} of ${count(downloads.files, "file")}`;
  return `${files}, ${humanSize(downloads.received)} of ${humanSize(downloads.bytes)}`;
}
