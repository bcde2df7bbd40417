import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Lock } from "../../src/lock/lock.ts";
import { rootDigest } from "../../src/root/root-digest.ts";
import { rootTree } from "../../src/root/unpack-root.ts";
import { loadProject } from "../../src/recipe/project.ts";

const home = resolve(import.meta.dirname, "../..");

/**
 * Provides what tests of real parts need, through the program itself: the roots unpacked in the usual cache and
 * a lock of the tests' own, so that a clone taken long after its lock was written still passes.
 * Names them in NVLAB_TEST_ROOT, NVLAB_TEST_BOOT_ROOT, NVLAB_TEST_CHECK_ROOT, NVLAB_TEST_VARY_ROOT, NVLAB_TEST_LOCK and
 * NVLAB_CACHE_DIR.
 */
export default async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "nvlab-tests-"));
  const lockPath = join(folder, "nvlab.lock");
  if (existsSync(join(home, "nvlab.lock"))) copyFileSync(join(home, "nvlab.lock"), lockPath);
  const cacheDir =
    process.env.NVLAB_CACHE_DIR ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "nvlab");
  const fetched = spawnSync(
    join(home, "bin/nvlab"),
    [
      "-C",
      home,
      "--cache-dir",
      cacheDir,
      "--lock",
      lockPath,
      "fetch",
      "qemu-virt",
      "--check",
      "--reproduce",
      "--no-frozen",
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  if (fetched.status !== 0)
    throw new Error("nvlab fetch failed: without its roots nothing real can be tested");
  const lock = JSON.parse(readFileSync(lockPath, "utf8")) as Lock;
  const project = await loadProject(home, home, cacheDir);
  if (!project.ok) throw new Error(JSON.stringify(project.failures));
  const treeOf = (name: string): string => {
    const [locked, recipe] = [lock.roots[name], project.value.roots.get(name)];
    if (!locked || !recipe) throw new Error(`the lock has no root ${name}`);
    return rootTree(cacheDir, rootDigest(locked, recipe.value));
  };
  process.env.NVLAB_CACHE_DIR = cacheDir;
  process.env.NVLAB_TEST_LOCK = lockPath;
  process.env.NVLAB_TEST_ROOT = treeOf("build");
  process.env.NVLAB_TEST_BOOT_ROOT = treeOf("boot");
  process.env.NVLAB_TEST_CHECK_ROOT = treeOf("check");
  process.env.NVLAB_TEST_VARY_ROOT = treeOf("vary");
  return () => rmSync(folder, { recursive: true, force: true });
}
