import type { BuildEvent } from "./event.ts";
import type { Renderer } from "./renderer.ts";

/** What only happens when something takes time. */
const longer = new Set<BuildEvent["type"]>(["download-started", "root-started", "node-started"]);

/**
 * Loads a costly renderer only once there is something to watch: a build with nothing to do ends before. Events
 * are kept until then; notices that nobody has shown go to `brief` at the end.
 */
export function deferredRenderer(load: () => Promise<Renderer>, brief: Renderer): Renderer {
  const kept: BuildEvent[] = [];
  let loading: Promise<Renderer> | undefined;
  let renderer: Renderer | undefined;
  const begin = async (): Promise<Renderer> => {
    const loaded = await load();
    kept.forEach(loaded.emit);
    renderer = loaded;
    return loaded;
  };
  return {
    emit: (event) => {
      if (renderer !== undefined) {
        renderer.emit(event);
        return;
      }
      kept.push(event);
      if (longer.has(event.type)) loading ??= begin();
    },
    finish: async () => {
      if (loading !== undefined) return (await loading).finish();
      kept.filter((event) => event.type === "notice").forEach(brief.emit);
      await brief.finish();
    },
  };
}
