import { expect, test } from "vitest";
import { chooseRenderer } from "../../../src/cli/choose-renderer.ts";
import type { GlobalOptions } from "../../../src/cli/options.ts";
import type { World } from "../../../src/cli/world.ts";
import { colourless } from "../../../src/report/palette.ts";
import { silentRenderer } from "../../../src/report/silent.ts";
import { play } from "../report/events.ts";
import { fakeWorld } from "./fake-world.ts";

const terminal: Partial<World> = { errIsTerminal: true, errColumns: 80 };

async function shownBy(
  options: Partial<GlobalOptions>,
  changes: Partial<World>,
  form: "events" | "document" = "events",
): Promise<string> {
  const loads: string[] = [];
  const live = (): Promise<ReturnType<typeof silentRenderer>> => {
    loads.push("live");
    return Promise.resolve(silentRenderer());
  };
  const { world, out, err } = fakeWorld([], { live, ...changes });
  const globals = { json: false, quiet: false, verbose: false, color: true, offline: false, ...options };
  await play(chooseRenderer(world, globals, form, colourless));
  if (loads.length > 0) return "live";
  if (out.length > 0) return "ndjson";
  return err.length > 0 ? "plain" : "silent";
}

test.each<[string, Partial<GlobalOptions>, Partial<World>, string]>([
  ["a terminal", {}, terminal, "live"],
  ["a pipe", {}, {}, "plain"],
  ["a terminal in CI", {}, { ...terminal, environment: { CI: "true" } }, "plain"],
  ["a dumb terminal", {}, { ...terminal, environment: { TERM: "dumb" } }, "plain"],
  ["a terminal that tells no width", {}, { ...terminal, errColumns: 0 }, "plain"],
  ["--verbose on a terminal", { verbose: true }, terminal, "plain"],
  ["--quiet", { quiet: true }, terminal, "silent"],
  ["--json", { json: true }, terminal, "ndjson"],
])("%s is served as it should", async (_what, options, changes, expected) => {
  expect(await shownBy(options, changes)).toBe(expected);
});

test("a command that answers with one document keeps its events off standard output", async () => {
  expect(await shownBy({ json: true }, terminal, "document")).toBe("plain");
});
