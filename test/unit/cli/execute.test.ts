import { expect, test } from "vitest";
import type { CommandContext, Outcome, Run } from "../../../src/cli/context.ts";
import { execute, exitCode } from "../../../src/cli/execute.ts";
import type { GlobalOptions } from "../../../src/cli/options.ts";
import type { World } from "../../../src/cli/world.ts";
import { failed, ok } from "../../../src/failure/result.ts";
import { fakeWorld, noInterrupts, type Told } from "./fake-world.ts";

const globals: GlobalOptions = { json: false, quiet: false, verbose: false, color: true, offline: false };
const outcome: Outcome = { data: { answer: 42 }, result: "the answer", remarks: "by the way" };
const answer: Run<unknown> = () => Promise.resolve(ok(outcome));

async function tell(
  run: Run<unknown>,
  options: Partial<GlobalOptions> = {},
  form: "events" | "document" = "document",
  changes: Partial<World> = {},
): Promise<Told> {
  const { world, out, err } = fakeWorld([], changes);
  const code = await execute(world, { ...globals, ...options }, {}, () => Promise.resolve({ run }), form);
  return { code, out: out.join(""), err: err.join("") };
}

test("a result goes to standard output and remarks to standard error", async () => {
  expect(await tell(answer)).toEqual({ code: 0, out: "the answer\n", err: "by the way\n" });
});

test("--quiet keeps the result and drops the remarks", async () => {
  expect(await tell(answer, { quiet: true })).toEqual({ code: 0, out: "the answer\n", err: "" });
});

test("--json gives the data as one document and nothing for people", async () => {
  const { out, err } = await tell(answer, { json: true });
  expect(JSON.parse(out)).toEqual({ answer: 42 });
  expect(err).toBe("");
});

test("--json of a command with events ends in a line with the result", async () => {
  const run: Run<unknown> = (context) => {
    context.emit({ type: "notice", level: "info", message: "hello" });
    return Promise.resolve(ok(outcome));
  };
  const { out } = await tell(run, { json: true }, "events");
  expect(
    out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { type: "notice", level: "info", message: "hello", at: 0 },
    { type: "result", ok: true, data: { answer: 42 } },
  ]);
});

test("a verdict that is bad ends with 1 and shows the result all the same", async () => {
  const run: Run<unknown> = () => Promise.resolve(ok({ ...outcome, exit: 1 }));
  expect(await tell(run)).toMatchObject({ code: 1, out: "the answer\n" });
});

test("failures go to standard error, also with --quiet, and to the document with --json", async () => {
  const run: Run<unknown> = () => Promise.resolve(failed({ code: "NVLAB_STEP", message: "broken" }));
  expect(await tell(run, { quiet: true })).toEqual({ code: 1, out: "", err: "error NVLAB_STEP: broken\n" });
  const { out } = await tell(run, { json: true });
  expect(JSON.parse(out)).toEqual({ failures: [{ code: "NVLAB_STEP", message: "broken" }] });
  const events = await tell(run, { json: true }, "events");
  expect(JSON.parse(events.out)).toEqual({
    type: "result",
    ok: false,
    failures: [{ code: "NVLAB_STEP", message: "broken" }],
  });
});

test("failures that came with a result are shown beside it", async () => {
  const failures = [{ code: "NVLAB_BOOT", message: "the kernel crashed" }] as const;
  const run: Run<unknown> = () => Promise.resolve(ok({ ...outcome, failures, exit: 1 }));
  expect(await tell(run)).toEqual({
    code: 1,
    out: "the answer\n",
    err: "by the way\nerror NVLAB_BOOT: the kernel crashed\n",
  });
});

test("while a program has the terminal nothing is drawn on it, and the view stays closed", async () => {
  const run: Run<unknown> = async (context) => {
    context.emit({ type: "notice", level: "info", message: "before" });
    await context.yieldTerminal(() => Promise.resolve());
    context.emit({ type: "notice", level: "info", message: "after" });
    return ok({ data: null });
  };
  expect((await tell(run)).err).toBe("[  0:00.0] before\n");
});

test("a bug passes through, after the view was closed", async () => {
  const run: Run<unknown> = () => Promise.reject(new TypeError("a bug"));
  await expect(tell(run)).rejects.toThrow("a bug");
});

test.each([130, 143] as const)("an interrupted command says so and ends with %i", async (code) => {
  const interrupts = { ...noInterrupts, exitCode: () => code };
  const run: Run<unknown> = () => Promise.resolve(failed({ code: "NVLAB_INTERRUPTED", message: "stopped" }));
  expect(await tell(run, {}, "document", { interrupts })).toEqual({ code, out: "", err: "interrupted\n" });
});

test("the exit code tells work that failed from a recipe that is wrong", () => {
  const recipe = { code: "NVLAB_RECIPE", message: "" } as const;
  const step = { code: "NVLAB_STEP", message: "" } as const;
  const stop = { code: "NVLAB_INTERRUPTED", message: "" } as const;
  expect(exitCode([recipe, recipe])).toBe(2);
  expect(exitCode([recipe, step])).toBe(1);
  expect(exitCode([step, stop])).toBe(130);
  expect(exitCode([])).toBe(1);
});

async function contextOf(
  options: Partial<GlobalOptions>,
  changes: Partial<World> = {},
): Promise<CommandContext> {
  let seen: CommandContext | undefined;
  await tell(
    (context) => {
      seen = context;
      return Promise.resolve(ok({ data: null }));
    },
    options,
    "document",
    changes,
  );
  if (seen === undefined) throw new Error("the command did not run");
  return seen;
}

test("a command gets absolute folders, the environment and the global options", async () => {
  const context = await contextOf(
    { directory: "project", cacheDir: "cache", lock: "ci.lock", offline: true },
    { environment: { CI: "true", NVLAB_DEBIAN_MIRROR: "http://a/debian  http://b/debian" } },
  );
  expect(context).toMatchObject({
    directory: "/nowhere/project",
    cacheDir: "/nowhere/cache",
    lockFile: "/nowhere/ci.lock",
    offline: true,
    ci: true,
    debianMirrors: ["http://a/debian", "http://b/debian"],
    interactive: false,
  });
});

test("a command is interactive only where a person sits at both ends", async () => {
  const terminal = { setRawMode: () => undefined };
  const person = { terminal, errIsTerminal: true };
  expect((await contextOf({}, person)).interactive).toBe(true);
  expect((await contextOf({ json: true }, person)).interactive).toBe(false);
  expect((await contextOf({}, { ...person, environment: { CI: "1" } })).interactive).toBe(false);
  expect((await contextOf({}, { terminal })).interactive).toBe(false);
});
