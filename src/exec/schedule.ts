export interface Work {
  readonly id: string;
  /** Ids of what has to be done before. */
  readonly needs: readonly string[];
  /** What it took the last time, in any unit: of several ready ones, that with the longest way to the end starts first. */
  readonly cost?: number;
}

export type WorkResult = "done" | "failed";
export type WorkState = WorkResult | "skipped";

export interface ScheduleOptions {
  /** Waits for the right to run one more; gives the function that hands it back, or undefined when aborted. */
  readonly acquire: (signal: AbortSignal) => Promise<(() => void) | undefined>;
  /** After a failure go on with all that does not depend on it; else let what runs end and start nothing. */
  readonly keepGoing: boolean;
  /** Starts nothing more once aborted; ending what runs is up to `run`. */
  readonly signal?: AbortSignal;
}

/**
 * Runs work in the order of its needs, as much at once as tokens allow. Every id of the answer is done, failed or
 * skipped, and nothing runs any more. What `run` throws is thrown again, when all else has ended.
 */
export async function schedule(
  nodes: readonly Work[],
  run: (id: string) => Promise<WorkResult>,
  options: ScheduleOptions,
): Promise<Map<string, WorkState>> {
  const order = rank(nodes);
  const states = new Map<string, WorkState>();
  const waiting = new Set(order);
  const running = new Set<Promise<void>>();
  const bugs: unknown[] = [];
  const stop = new AbortController();
  const onAbort = (): void => {
    stop.abort();
  };
  options.signal?.addEventListener("abort", onAbort);
  if (options.signal?.aborted === true) stop.abort();

  const stopped = (): boolean => stop.signal.aborted;
  const nextReady = (): Work | undefined => order.find((node) => waiting.has(node) && isReady(node, states));
  const settle = (node: Work, state: WorkState): void => {
    states.set(node.id, state);
    waiting.delete(node);
    if (state === "failed" && !options.keepGoing) stop.abort();
    if (state === "done") return;
    for (const other of [...waiting]) if (other.needs.includes(node.id)) settle(other, "skipped");
  };
  const start = async (node: Work, release: () => void): Promise<void> => {
    try {
      settle(node, await run(node.id));
    } catch (bug) {
      bugs.push(bug);
      settle(node, "failed");
      stop.abort();
    } finally {
      release();
    }
  };

  while (!stopped() && waiting.size > 0) {
    if (nextReady() === undefined) {
      await Promise.race(running);
      continue;
    }
    const release = await options.acquire(stop.signal);
    if (release === undefined) break;
    // What is ready may have changed while waiting for the token.
    const node = stopped() ? undefined : nextReady();
    if (node === undefined) {
      release();
      continue;
    }
    waiting.delete(node);
    const task: Promise<void> = start(node, release).finally(() => running.delete(task));
    running.add(task);
  }
  await Promise.all(running);
  options.signal?.removeEventListener("abort", onAbort);
  for (const node of waiting) states.set(node.id, "skipped");
  if (bugs.length > 0) throw bugs[0];
  return states;
}

function isReady(node: Work, states: ReadonlyMap<string, WorkState>): boolean {
  return node.needs.every((id) => states.get(id) === "done");
}

/** Longest way to the end first; equal ones as given. Throws on a cycle or an unknown need: a planner's bug. */
function rank(nodes: readonly Work[]): Work[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const users = new Map<string, Work[]>(nodes.map((node) => [node.id, []]));
  const missing = new Map<Work, number>();
  for (const node of nodes) {
    const needs = new Set(node.needs);
    missing.set(node, needs.size);
    for (const id of needs) {
      const list = users.get(id);
      if (list === undefined) throw new Error(`${node.id} needs ${id}, which is not there`);
      list.push(node);
    }
  }
  const sorted = nodes.filter((node) => node.needs.length === 0);
  for (const node of sorted) {
    for (const user of users.get(node.id) ?? []) {
      const left = (missing.get(user) ?? 0) - 1;
      missing.set(user, left);
      if (left === 0) sorted.push(user);
    }
  }
  if (sorted.length < byId.size) throw new Error("the work has a cycle");
  const way = new Map<string, number>();
  for (const node of sorted.toReversed()) {
    const after = (users.get(node.id) ?? []).map((user) => way.get(user.id) ?? 0);
    way.set(node.id, (node.cost ?? 1) + Math.max(0, ...after));
  }
  return nodes.toSorted((a, b) => (way.get(b.id) ?? 0) - (way.get(a.id) ?? 0));
}
