import { deferredRenderer } from "../report/deferred.ts";
import { ndjsonRenderer } from "../report/ndjson.ts";
import type { Paint } from "../report/palette.ts";
import { plainRenderer } from "../report/plain.ts";
import type { Renderer } from "../report/renderer.ts";
import { silentRenderer } from "../report/silent.ts";
import type { JsonForm } from "./context.ts";
import { isCi } from "./environment.ts";
import type { GlobalOptions } from "./options.ts";
import type { World } from "./world.ts";

/** Columns below which rows that are drawn over are worse than lines. */
const narrowest = 40;

/** Who shows the events: a machine's lines, nobody, a live view on a terminal, or lines for a log. */
export function chooseRenderer(world: World, globals: GlobalOptions, form: JsonForm, paint: Paint): Renderer {
  if (globals.json && form === "events") return ndjsonRenderer(world.out, globals.verbose);
  if (globals.quiet) return silentRenderer();
  const plain = plainRenderer(world.err, paint, globals.verbose);
  const { environment } = world;
  const live =
    world.errIsTerminal &&
    world.errColumns >= narrowest &&
    !globals.verbose &&
    !globals.json &&
    !isCi(environment) &&
    environment.TERM !== "dumb";
  return live ? deferredRenderer(world.live, plain) : plain;
}
