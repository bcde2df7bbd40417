import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lock } from "../lock/lock.ts";
import { ok, type Result } from "../failure/result.ts";
import type { Emit } from "../report/event.ts";
import type { Conditions } from "./conditions.ts";
import { insideVariation } from "./inside.ts";
import { filesInStore, filesOfManifest, nodesInStore, ownManifest, type Made } from "./made.ts";
import { orderName, outsideInvocation, type OutsideRun, type Tools, type Way } from "./outside.ts";
import type { RebuildOrder } from "./rebuild-order.ts";
import { findWay, isPreloaded } from "./find-way.ts";
import { runRebuild } from "./run-rebuild.ts";
import type { Choice } from "./variation.ts";
import type { Observations } from "./varied.ts";
import { makeWorkplace, type Workplace } from "./workplace.ts";

export interface RebuildRequest {
  /** Folder of this command in <cache>/tmp. */
  readonly work: string;
  readonly cacheDir: string;
  /** Folder of nvlab itself. */
  readonly home: string;
  /** Folder of the project. */
  readonly project: string;
  /** The project is nvlab's own: its recipes are the shipped ones. */
  readonly ownProject: boolean;
  readonly target: string;
  readonly components: readonly string[];
  readonly releaseVersion: string | undefined;
  readonly jobs: number | undefined;
  readonly lock: Lock;
  readonly taken: readonly string[];
  /** Host path of the build root. */
  readonly root: string;
  readonly tools: Tools;
  readonly choice: Choice;
  readonly path: string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

export interface Rebuilt {
  readonly made: Made;
  readonly observed: Observations;
  /** Text of its manifest.json; absent where only components were made. */
  readonly manifestText?: string;
  /** Node could not be started with libraries preloaded. */
  readonly notPreloaded: boolean;
}

/** Builds a target once more, under these conditions, in a place of its own. */
export async function rebuild(conditions: Conditions, request: RebuildRequest): Promise<Result<Rebuilt>> {
  const { work, cacheDir, home, project, lock, taken, tools, components } = request;
  const { emit, signal } = request;
  const place = makeWorkplace(work, conditions, cacheDir, lock, taken);
  mkdirSync(place.seen, { recursive: true });
  const at = (name: string): string => join(place.seen, name);
  const run: Omit<OutsideRun, "way" | "args"> = {
    conditions,
    tools,
    folders: { ...place, project, home },
    path: request.path,
    node: realpathSync(process.execPath),
  };
  const order = (way: Way): void =>
    writeFileSync(
      join(place.backing, orderName),
      JSON.stringify(orderFor(place, conditions, request, way) satisfies RebuildOrder),
    );
  order({ disorderfs: false, loader: undefined });
  const way = await findWay(run, signal);
  order(way);
  const invocation = outsideInvocation({ ...run, way, args: programArguments(at) });
  const ran = await runRebuild({ invocation, label: conditions.label, emit, signal });
  if (!ran.ok) return ran;
  const cache = join(place.backing, "cache");
  const out = join(place.backing, "out");
  const nodes = nodesInStore(cache);
  const notPreloaded = !isPreloaded(conditions, way);
  const label = `${conditions.label} rebuild`;
  if (components.length > 0) {
    const made = { label, files: filesInStore(cache, components), nodes };
    return ok({ made, observed: ran.value, notPreloaded });
  }
  const manifest = ownManifest(out);
  return ok({
    made: { label, files: filesOfManifest(manifest, out), manifest, nodes },
    observed: ran.value,
    manifestText: readFileSync(join(out, "manifest.json"), "utf8"),
    notPreloaded,
  });
}

function orderFor(place: Workplace, conditions: Conditions, request: RebuildRequest, way: Way): RebuildOrder {
  const at = (name: string): string => join(place.seen, name);
  const variation = insideVariation(conditions, request.tools, request.choice, way.disorderfs);
  return {
    target: request.target,
    components: [...request.components],
    ...(request.jobs !== undefined && { jobs: request.jobs }),
    out: at("out"),
    ...(request.releaseVersion !== undefined && { releaseVersion: request.releaseVersion }),
    ...(request.ownProject && { home: at("project") }),
    root: request.root,
    probe: at("probe"),
    scratch: at("scratch"),
    variation: {
      ...variation,
      mounts: variation.mounts.map((mount) => ({ ...mount })),
      environment: { ...variation.environment },
    },
  };
}

/** Past the launcher, which would compile where a source file was touched meanwhile. */
function programArguments(at: (name: string) => string): string[] {
  const main = JSON.stringify(`file://${at("nvlab/dist/main.js")}`);
  return [
    ...["-e", `import(${main}).then(({ main }) => main(${JSON.stringify(at("nvlab"))}))`, "nvlab"],
    ...["--json", "--offline", "--cache-dir", at("cache"), "--lock", at("nvlab.lock")],
    ...["-C", at("project"), "__rebuild", at(orderName)],
  ];
}
