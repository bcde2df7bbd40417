import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runInteractive } from "../exec/run-interactive.ts";
import { runSandboxed } from "../exec/run-sandboxed.ts";
import type { SandboxRun } from "../exec/sandbox.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { ScriptNode } from "../plan/node.ts";
import { rootTree } from "../root/unpack-root.ts";
import { removeTree } from "../store/remove-tree.ts";
import { openSession } from "../store/session.ts";
import { makeTemporaryFolder } from "../store/staging.ts";
import { openStore } from "../store/store.ts";
import { makeNodes } from "./build-target.ts";
import { needsOf } from "./evaluate.ts";
import { planRequested } from "./prepare.ts";
import { providePrepared } from "./provide-prepared.ts";
import type { BuildRequest, Surroundings, TargetRequest } from "./request.ts";
import { scriptMounts } from "./script-mounts.ts";
import { warningStore } from "./warning-store.ts";

/** The sandbox of a node as its build would see it, for a person or for a question. Nothing is kept. */
export interface Workplace {
  readonly node: ScriptNode;
  /** Host folder behind /out. */
  readonly out: string;
  /** Runs a script in it; the log is in the workplace. */
  readonly ask: (script: string, environment?: Readonly<Record<string, string>>) => Promise<Result<number>>;
  /** Gives a person a command on their terminal. The value is its exit status. */
  readonly enter: (command: readonly string[], term: string | undefined) => Promise<Result<number>>;
  readonly log: string;
}

/** Makes what a node needs (not the node), puts it in place, and removes the place when `use` ends. */
export async function withWorkplace<T>(
  id: string,
  request: TargetRequest,
  surroundings: Surroundings,
  use: (workplace: Workplace) => Promise<Result<T>>,
  change: (node: ScriptNode) => ScriptNode = (node) => node,
): Promise<Result<T>> {
  const { cacheDir, signal } = surroundings;
  const session = openSession(cacheDir, Date.now);
  if (!session.ok) return session;
  try {
    const store = warningStore(
      openStore(cacheDir, { clock: Date.now, session: session.value }),
      surroundings.emit,
    );
    const prepared = await planRequested(request, surroundings);
    if (!prepared.ok) return prepared;
    const node = prepared.value.planned.plan.nodes.find((one) => one.id === id);
    if (!node || !("script" in node)) return noSuchNode(id, prepared.value.planned.plan.nodes);
    const made = await makeNodes(plainBuild(request), surroundings, prepared.value, needsOf(node), store);
    if (!made.ok) return made;
    const { run } = made.value;
    // The root may be missing although every output is in the store.
    const needed = () => ({ sources: [], roots: [node.root] });
    const provided = await providePrepared(made.value.now, needed, request.frozen, surroundings);
    if (!provided.ok) return provided;
    const root = rootTree(cacheDir, provided.value.planned.plan.roots[node.root] ?? "");
    const scratch = makeTemporaryFolder(cacheDir);
    try {
      const [obj, out, log] = [join(scratch, "obj"), join(scratch, "out"), join(scratch, "log")];
      mkdirSync(out, { recursive: true });
      // A lock that was resolved anew on the way can have made it another node.
      const again = provided.value.planned.plan.nodes.find((one) => one.id === id);
      const wanted = change(again && "script" in again ? again : node);
      const sandbox = (script: string, environment: Readonly<Record<string, string>> = {}): SandboxRun => ({
        root,
        mounts: scriptMounts({ ...wanted, script }, { scratch, obj, out }, (input) => {
          const state = run.states.get(input.node);
          if (state?.state !== "hit") throw new Error(`${input.node} was not made for ${id}`);
          return join(store.pathOf(state.fingerprint), input.path ?? "");
        }),
        environment: { ...wanted.environment, ...environment },
        command: ["/usr/bin/bash", "-euo", "pipefail", "/run/step.sh"],
        cwd: "/obj",
      });
      return await use({
        node: wanted,
        out,
        log,
        ask: async (script, environment) => {
          const ended = await runSandboxed(sandbox(script, environment), { log, signal });
          return ended.ok ? ok(ended.value.status) : ended;
        },
        enter: (command, term) =>
          runInteractive(
            { ...sandbox(wanted.script), command },
            { signal, ...(term !== undefined && { term }) },
          ),
      });
    } finally {
      await removeTree(scratch);
    }
  } finally {
    session.value.close();
  }
}

function plainBuild(request: TargetRequest): BuildRequest {
  return {
    ...request,
    components: [],
    jobs: undefined,
    keepGoing: false,
    rebuild: [],
    out: undefined,
    releaseVersion: undefined,
    incremental: false,
  };
}

function noSuchNode(id: string, nodes: readonly { id: string }[]): Result<never> {
  const name = id.replace(/\/config$/, "");
  const configs = nodes.filter((node) => node.id.endsWith("/config")).map((node) => node.id.slice(0, -7));
  return failed({
    code: "NVLAB_USAGE",
    message: id.endsWith("/config") ? `'${name}' has no Kconfig` : `'${id}' is no component or image`,
    hint: id.endsWith("/config")
      ? `these have: ${configs.join(", ")}`
      : `known: ${nodes
          .map((node) => node.id)
          .filter((one) => !one.includes("/"))
          .join(", ")}`,
  });
}
