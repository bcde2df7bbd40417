import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { lockDigest } from "../build/lock-digest.ts";
import { openProject } from "../build/prepare.ts";
import { fetchContext, mirrorsFor } from "../build/provide.ts";
import type { Surroundings } from "../build/request.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import type { Lock } from "../lock/lock.ts";
import { known } from "../recipe/known.ts";
import { lockItems } from "./lock-items.ts";
import { makeMirror, type MirrorReport, type MirrorRequest } from "./make-mirror.ts";
import type { MirrorItem } from "./mirror-item.ts";
import { npmItems } from "./npm-items.ts";
import { readPackageLock } from "./npm-packages.ts";

/** What `--only` calls the packages of package-lock.json. */
const npmName = "npm";

/** Mirrors what a project's lock names, and the npm packages that nvlab itself needs. */
export async function mirrorProject(
  request: Pick<MirrorRequest, "folder" | "mode" | "copy"> & { readonly only: readonly string[] },
  surroundings: Surroundings,
): Promise<Result<MirrorReport>> {
  const opened = await openProject(surroundings);
  if (!opened.ok) return opened;
  const { project, lock, lockPath } = opened.value;
  if (lock === undefined) {
    return failed({
      code: "NVLAB_LOCK_STALE",
      message: `there is no ${lockPath}: nothing says what a mirror would hold`,
      hint: "run `nvlab lock`",
    });
  }
  const unknown = request.only.filter((name) => !namesOf(lock).includes(name));
  if (unknown.length > 0) {
    return failed({
      code: "NVLAB_USAGE",
      message: `the lock has no ${unknown.join(", no ")}`,
      hint: known("entries", namesOf(lock)),
    });
  }
  const wants = (...names: readonly string[]): boolean =>
    request.only.length === 0 || names.some((name) => request.only.includes(name));
  const mirrors = await mirrorsFor(project, surroundings);
  // Where all is in the cache, no mirror of Debian has to be known; where not, each file says that there is no place.
  const unknownIsFine = !mirrors.ok && mirrors.failures.every(({ code }) => code === "NVLAB_MIRROR_UNKNOWN");
  if (!mirrors.ok && !unknownIsFine) return mirrors;
  const debian = mirrors.ok ? mirrors.value : { bases: [] };
  const npm = wants(npmName) ? await npmItemsOf(surroundings) : ok([]);
  if (!npm.ok) return npm;
  const items = [...lockItems(lock, debian, wants), ...npm.value];
  const { folder, mode, copy } = request;
  const whole = request.only.length === 0;
  return makeMirror({ folder, mode, copy, items, whole, lock: lockDigest(lock) }, fetchContext(surroundings));
}

function namesOf(lock: Lock): string[] {
  const sources = Object.keys(lock.sources).flatMap((key) => [key.split("/")[0] ?? key, key]);
  return [...new Set([...sources, ...Object.keys(lock.roots), npmName])];
}

/** An nvlab that was installed as a package has no package-lock.json: then there is nothing to install either. */
async function npmItemsOf({ home, emit }: Surroundings): Promise<Result<MirrorItem[]>> {
  const path = join(home, "package-lock.json");
  if (!existsSync(path)) {
    emit({ type: "notice", level: "info", message: "this nvlab has no package-lock.json: no npm packages" });
    return ok([]);
  }
  const packages = readPackageLock(await readFile(path, "utf8"), path);
  return packages.ok ? ok(npmItems(packages.value)) : packages;
}
