import { createHash } from "node:crypto";
import { copyFileSync, constants, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { planRequested, replan } from "../../src/build/prepare.ts";
import { download, fetchContext, mirrorsFor, unpackRoots } from "../../src/build/provide.ts";
import { relockGone } from "../../src/build/relock.ts";
import type { Surroundings } from "../../src/build/request.ts";
import { cacheFolder, debianMirrors } from "../../src/cli/environment.ts";
import type { Result } from "../../src/failure/result.ts";
import { rootTree } from "../../src/root/unpack-root.ts";

const home = join(import.meta.dirname, "../..");
const cacheDir = cacheFolder(undefined, process.env, home, homedir());

/**
 * The unpacked tree of one of this project's own roots, fetched into the usual cache on first use. What has left
 * the mirror is resolved anew into a copy of the lock: the tests of an old clone still find their tools.
 * NVLAB_TEST_ROOT names a tree to use instead of the build root.
 */
export async function testRoot(name: "build" | "boot" = "build"): Promise<string> {
  const given = process.env.NVLAB_TEST_ROOT ?? "";
  if (name === "build" && given !== "") return given;
  const surroundings: Surroundings = {
    ...{ home, directory: home, cacheDir, offline: false, lockFile: copiedLock() },
    debianMirrors: debianMirrors({}, process.env),
    environment: process.env,
    signal: new AbortController().signal,
    emit: () => undefined,
  };
  let now = must(await planRequested({ target: "qemu-virt", frozen: false, sources: [] }, surroundings));
  const mirrors = must(await mirrorsFor(now.project, surroundings));
  const context = fetchContext(surroundings);
  for (let attempt = 0; ; attempt += 1) {
    const { lock, project } = now;
    const { plan } = now.planned;
    const provided = await download({ sources: [], roots: [name] }, lock, plan, mirrors, context);
    if (provided.state === "done") {
      must(await unpackRoots([name], lock, plan, project, context));
      return rootTree(cacheDir, plan.roots[name] ?? "");
    }
    if (provided.state === "failed" || attempt > 2) throw new Error(provided.failures[0]?.message);
    now = must(replan(now, must(await relockGone(now, provided.gone, surroundings))));
  }
}

/** One copy for each content of the lock, so that what one test resolved anew serves the others. */
function copiedLock(): string {
  const lock = join(home, "nvlab.lock");
  const digest = createHash("sha256").update(readFileSync(lock)).digest("hex");
  const folder = join(cacheDir, "tests");
  const copy = join(folder, `${digest}.lock`);
  mkdirSync(folder, { recursive: true });
  try {
    copyFileSync(lock, copy, constants.COPYFILE_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return copy;
}

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.failures.map(({ message }) => message).join("\n"));
}
