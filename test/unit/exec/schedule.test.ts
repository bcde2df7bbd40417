import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { schedule } from "../../../src/exec/schedule.ts";
import type { Work, WorkResult } from "../../../src/exec/schedule.ts";

/** Tokens without a FIFO. */
function pool(tokens: number) {
  let free = tokens;
  const queue: (() => void)[] = [];
  const acquire = async (signal: AbortSignal): Promise<(() => void) | undefined> => {
    while (free === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        queue.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    if (signal.aborted) return undefined;
    free -= 1;
    return () => {
      free += 1;
      queue.shift()?.();
    };
  };
  return { acquire, free: () => free };
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

const always = (result: WorkResult) => async (): Promise<WorkResult> => {
  await turns(1);
  return result;
};

/** Work whose needs all come before it, in any order, with a duration and an end for each. */
const graphs = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(), { maxLength: 4 }),
      turns: fc.nat({ max: 9 }),
      fails: fc.boolean(),
      cost: fc.option(fc.nat({ max: 100 }), { nil: undefined }),
    }),
    { maxLength: 25 },
  )
  .chain((drawn) => {
    const nodes = drawn.map(({ needs, cost, ...rest }, index) => ({
      ...rest,
      id: `n${index}`,
      needs: index === 0 ? [] : [...new Set(needs.map((need) => `n${need % index}`))],
      ...(cost === undefined ? {} : { cost }),
    }));
    return fc.shuffledSubarray(nodes, { minLength: nodes.length, maxLength: nodes.length });
  });

describe("schedule", () => {
  it("runs each work once, after all it needs, never more at once than tokens, and hands all tokens back", async () => {
    const settings = fc.record({
      tokens: fc.integer({ min: 1, max: 5 }),
      keepGoing: fc.boolean(),
      fail: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(graphs, settings, async (nodes, { tokens, keepGoing, fail }) => {
        const { acquire, free } = pool(tokens);
        const byId = new Map(nodes.map((node) => [node.id, node]));
        const ended = new Map<string, WorkResult>();
        const begun: string[] = [];
        let running = 0;
        const states = await schedule(
          nodes,
          async (id) => {
            const node = byId.get(id);
            expect(node?.needs.every((need) => ended.get(need) === "done")).toBe(true);
            begun.push(id);
            running += 1;
            expect(running).toBeLessThanOrEqual(tokens);
            await turns(node?.turns ?? 0);
            running -= 1;
            const result = fail && node?.fails === true ? "failed" : "done";
            ended.set(id, result);
            return result;
          },
          { acquire, keepGoing },
        );
        expect(running).toBe(0);
        expect(free()).toBe(tokens);
        expect(new Set(begun).size).toBe(begun.length);
        expect([...states.keys()].sort()).toEqual(nodes.map(({ id }) => id).sort());
        for (const [id, state] of states) expect(state).toBe(ended.get(id) ?? "skipped");
        if (!fail) expect([...states.values()].every((state) => state === "done")).toBe(true);
        if (!keepGoing) return;
        for (const { id, needs } of nodes) {
          const blocked = needs.some((need) => states.get(need) !== "done");
          expect(states.get(id) === "skipped").toBe(blocked);
        }
      }),
    );
  });

  const two: Work[] = [
    { id: "bad", needs: [] },
    { id: "good", needs: [] },
    { id: "after-bad", needs: ["bad"] },
    { id: "after-good", needs: ["good"] },
  ];
  const failBad = (id: string): Promise<WorkResult> =>
    id === "bad" ? always("failed")() : turns(9).then(() => "done" as const);

  it("lets running work end after a failure and starts nothing new", async () => {
    const states = await schedule(two, failBad, { acquire: pool(4).acquire, keepGoing: false });
    expect(Object.fromEntries(states)).toEqual({
      bad: "failed",
      good: "done",
      "after-bad": "skipped",
      "after-good": "skipped",
    });
  });

  it("goes on with what does not depend on the failure where told to", async () => {
    const states = await schedule(two, failBad, { acquire: pool(4).acquire, keepGoing: true });
    expect(states.get("after-good")).toBe("done");
    expect(states.get("after-bad")).toBe("skipped");
  });

  it("starts nothing more once interrupted, and gives up waiting for a token", async () => {
    const controller = new AbortController();
    const run = async (): Promise<WorkResult> => {
      controller.abort();
      await turns(3);
      return "done";
    };
    const options = { acquire: pool(1).acquire, keepGoing: true, signal: controller.signal };
    const states = await schedule(two, run, options);
    expect([...states.values()].filter((state) => state === "done")).toHaveLength(1);
    expect([...states.values()].filter((state) => state === "skipped")).toHaveLength(3);
  });

  it("skips everything when it was interrupted before", async () => {
    const options = { acquire: pool(1).acquire, keepGoing: true, signal: AbortSignal.abort() };
    const states = await schedule(two, always("done"), options);
    expect([...states.values()]).toEqual(["skipped", "skipped", "skipped", "skipped"]);
  });

  it("starts the work with the longest way to the end first", async () => {
    const order: string[] = [];
    const nodes: Work[] = [
      { id: "short", needs: [], cost: 5 },
      { id: "kernel/source", needs: [], cost: 1 },
      { id: "kernel", needs: ["kernel/source"], cost: 900 },
    ];
    const run = (id: string): Promise<WorkResult> => {
      order.push(id);
      return always("done")();
    };
    await schedule(nodes, run, { acquire: pool(1).acquire, keepGoing: false });
    expect(order).toEqual(["kernel/source", "kernel", "short"]);
  });

  it("throws what the work threw, after the rest has ended", async () => {
    const ends: string[] = [];
    const run = async (id: string): Promise<WorkResult> => {
      await turns(id === "bad" ? 9 : 30);
      if (id === "bad") throw new Error("a bug");
      ends.push(id);
      return "done";
    };
    await expect(schedule(two, run, { acquire: pool(4).acquire, keepGoing: true })).rejects.toThrow("a bug");
    expect(ends).toEqual(["good"]);
  });

  it("refuses a cycle and a need that is not there, which are bugs of a planner", async () => {
    const options = { acquire: pool(1).acquire, keepGoing: false };
    const cycle = [
      { id: "a", needs: ["b"] },
      { id: "b", needs: ["a"] },
    ];
    await expect(schedule(cycle, always("done"), options)).rejects.toThrow("cycle");
    await expect(schedule([{ id: "a", needs: ["x"] }], always("done"), options)).rejects.toThrow("x");
  });

  it("has nothing to do for nothing", async () => {
    expect(await schedule([], always("done"), { acquire: pool(1).acquire, keepGoing: false })).toEqual(
      new Map(),
    );
  });
});
