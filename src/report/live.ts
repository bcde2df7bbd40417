import {
  type DefaultRenderer,
  Listr,
  ListrDefaultRendererLogLevels,
  ListrLogger,
  type ListrTaskWrapper,
  ProcessOutput,
} from "listr2";
import type { BuildEvent } from "./event.ts";
import { trackProgress } from "./progress/progress.ts";
import type { ProgressRow } from "./progress/row.ts";
import type { Renderer } from "./renderer.ts";
import { truncate } from "./text-width.ts";

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;

/** A line on the screen that waits for something to show. listr2 shows no task without a title. */
interface Slot {
  task: Task | undefined;
  readonly settled: Promise<void>;
  readonly settle: (error?: Error) => void;
}

/** listr2 takes its tasks before it starts, and what a build will show is not known then. */
const slotCount = 200;
const everyMs = 200;

/**
 * The view on a terminal: one row for the downloads, each root and each component. The tasks of listr2 do
 * nothing but wait; it handles no signals.
 */
export function liveRenderer(terminal: NodeJS.WriteStream, now: () => number): Renderer {
  const progress = trackProgress();
  const slots = Array.from({ length: slotCount }, makeSlot);
  const shown = new Map<string, Slot>();
  const settled = new Set<string>();
  let begun = (): void => undefined;
  const ready = new Promise<void>((resolve) => (begun = resolve));
  const output = new ProcessOutput(terminal, terminal);
  const logger = new ListrLogger({ useIcons: true, toStderr: [], processOutput: output });
  const rendererOptions = {
    logger,
    showErrorMessage: false,
    formatOutput: "truncate" as const,
    // Rows of warnings are tasks that were skipped, as rows of interrupted work are.
    icon: { [ListrDefaultRendererLogLevels.SKIPPED_WITH_COLLAPSE]: "⚠" },
  };
  const listr = new Listr<unknown, "default", "default">(
    slots.map((slot) => ({
      task: (_context, task): Promise<void> => {
        slot.task = task;
        if (slot === slots.at(-1)) begun();
        return slot.settled;
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: "default",
      rendererOptions,
      fallbackRenderer: "default",
      fallbackRendererOptions: rendererOptions,
    },
  );
  const finished = listr.run();

  const show = (row: ProgressRow): void => {
    if (settled.has(row.key)) return;
    const slot = shown.get(row.key) ?? slots[shown.size];
    // Without a task listr2 has not come round yet: next time.
    if (slot?.task === undefined) return;
    shown.set(row.key, slot);
    const lines = row.text.split("\n");
    slot.task.title = lines.map((line) => truncate(line, terminal.columns - 4)).join("\n");
    if (row.state === "running") return;
    settled.add(row.key);
    if (row.state === "warning") slot.task.skip();
    slot.settle(row.state === "failed" ? new Error(row.text) : undefined);
  };
  const draw = (): void => progress.rows(now()).forEach(show);
  const timer = setInterval(draw, everyMs);

  return {
    emit: (event: BuildEvent) => progress.see(event),
    finish: async () => {
      clearInterval(timer);
      await Promise.race([ready, finished]);
      draw();
      for (const [key, slot] of shown) if (!settled.has(key)) slot.task?.skip();
      for (const slot of slots) slot.settle();
      await finished;
    },
  };
}

function makeSlot(): Slot {
  let settle: (error?: Error) => void = () => undefined;
  const settled = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error));
  });
  return { task: undefined, settled, settle };
}
