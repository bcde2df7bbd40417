import type { Renderer, Write } from "./renderer.ts";

/**
 * --json: one event a line. A step's own output only with `verbose`; a download's progress once a second and
 * file, however often it is told.
 */
export function ndjsonRenderer(write: Write, verbose: boolean): Renderer {
  const told = new Map<string, number>();
  return {
    emit: (event) => {
      if (event.type === "node-output" && !verbose) return;
      if (event.type === "download-progress") {
        if (event.at - (told.get(event.file) ?? -Infinity) < 1000) return;
        told.set(event.file, event.at);
      }
      write(`${JSON.stringify(event)}\n`);
    },
    finish: () => Promise.resolve(),
  };
}
