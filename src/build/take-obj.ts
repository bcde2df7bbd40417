import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import type { ScriptNode } from "../plan/node.ts";
import { tryLock } from "../store/cache-lock.ts";
import { removeTree } from "../store/remove-tree.ts";
import { isStale, stampOf, type ObjStamp } from "./obj-stamp.ts";
import type { Workshop } from "./workshop.ts";

export interface TakenObj {
  /** Host folder behind /obj. */
  readonly obj: string;
  readonly release: () => void;
}

/**
 * /obj: a new folder, or the component's kept one, which one build at a time may have. A kept one that make
 * would misjudge is emptied first.
 */
export async function takeObj(
  node: ScriptNode,
  scratch: string,
  workshop: Workshop,
): Promise<Result<TakenObj>> {
  const { workDir, cacheDir, clock, plan, emit } = workshop;
  if (workDir === undefined || node.kind !== "build") {
    return ok({ obj: join(scratch, "obj"), release: () => undefined });
  }
  const obj = join(workDir, node.component);
  const name = `work-${createHash("sha256").update(obj).digest("hex").slice(0, 16)}`;
  const attempt = tryLock(cacheDir, name, clock());
  if (attempt.state === "held") {
    return failed({
      code: "NVLAB_BUSY",
      message: `another nvlab${attempt.pid === undefined ? "" : ` (process ${String(attempt.pid)})`} is building '${node.component}' in its kept work folder`,
      hint: "wait for it, or build without --incremental",
    });
  }
  const stampPath = `${obj}.json`;
  const stamp = stampOf(node, plan, clock());
  const files = new Map(
    plan.nodes.flatMap((one) =>
      one.kind === "patched" && one.component === node.component
        ? one.overlay.map(({ to, file }) => [to, file.absolute] as const)
        : [],
    ),
  );
  const mtimeMs = (place: string): number => statSync(files.get(place) ?? "").mtimeMs;
  if (existsSync(obj) && isStale(readStamp(stampPath), stamp, mtimeMs)) {
    emit({
      type: "notice",
      level: "info",
      message: `'${node.component}' is built from the start: make could not see what changed since its last build`,
    });
    await removeTree(obj);
  }
  mkdirSync(obj, { recursive: true });
  writeFileSync(stampPath, JSON.stringify(stamp));
  return ok({ obj, release: () => attempt.lock.release() });
}

function readStamp(path: string): ObjStamp | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ObjStamp;
  } catch {
    return undefined;
  }
}
