#!/usr/bin/env -S npx tsx
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { availableParallelism, homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { $ } from "zx";
import { unpackScript } from "../src/build/unpack-script.ts";
import { openProject } from "../src/build/prepare.ts";
import { planTarget } from "../src/build/planner/plan-target.ts";
import { scriptMounts } from "../src/build/script-mounts.ts";
import { baseEnvironment } from "../src/exec/base-environment.ts";
import { runSandboxed } from "../src/exec/run-sandboxed.ts";
import type { SandboxRun } from "../src/exec/sandbox.ts";
import { downloadPath } from "../src/fetch/downloads.ts";
import { rootTree } from "../src/root/unpack-root.ts";

/**
 * A clean build (downloads and roots there, store empty) beside the same steps made by hand, one component after
 * the other with `make -j`, in the same root.
 *   npx tsx bench/clean-build.ts                       everything, kernel and all
 *   npx tsx bench/clean-build.ts opensbi u-boot busybox  only these
 */
$.verbose = false;
const home = resolve(import.meta.dirname, "..");
const cacheDir = process.env.NVLAB_CACHE_DIR ?? join(homedir(), ".cache/nvlab");
const components = process.argv.slice(2);
const cores = availableParallelism();

const opened = await openProject({
  home,
  directory: home,
  cacheDir,
  offline: true,
  debianMirrors: [],
  mirrors: [],
  lockFile: undefined,
  environment: process.env,
  signal: new AbortController().signal,
  emit: () => undefined,
});
if (!opened.ok || !opened.value.lock) throw new Error("run `nvlab fetch` first");
const { project, lock } = opened.value;
const planned = planTarget({ project, lock, target: "qemu-virt", overrides: new Map() });
if (!planned.ok) throw new Error(JSON.stringify(planned.failures));
const { plan } = planned.value;
const wanted = plan.nodes.filter((node) => components.length === 0 || components.includes(node.component));

/** Runs the steps one after another, and adds up what they took. */
async function byHand(): Promise<{ wall: number; cpu: number }> {
  const place = mkdtempSync(join(cacheDir, "tmp", "by-hand-"));
  const outOf = (node: string): string => join(place, node.replaceAll("/", "-"), "out");
  let cpu = 0;
  const began = performance.now();
  for (const node of wanted) {
    const scratch = dirname(outOf(node.id));
    mkdirSync(outOf(node.id), { recursive: true });
    const root = rootTree(cacheDir, plan.roots[node.root] ?? "");
    let run: SandboxRun;
    if (node.kind === "source") {
      if (node.origin.type !== "archive") throw new Error(`${node.id} is no archive`);
      run = {
        root,
        mounts: [
          { host: downloadPath(cacheDir, node.origin.sha256), at: "/in/archive", writable: false },
          { host: outOf(node.id), at: "/out", writable: true },
        ],
        environment: baseEnvironment(plan.epoch),
        command: ["/usr/bin/bash", "-euo", "pipefail", "-c", unpackScript("/in/archive", node.strip)],
        cwd: "/out",
      };
    } else if (node.kind === "patched") {
      if (node.source !== undefined) await $`cp -al ${outOf(node.source)}/. ${outOf(node.id)}`;
      for (const patch of node.patches) await $`patch -s -p1 -d ${outOf(node.id)} -i ${patch.absolute}`;
      for (const { to, file } of node.overlay) {
        await $`mkdir -p ${dirname(join(outOf(node.id), to))} && cp --remove-destination ${file.absolute} ${join(outOf(node.id), to)}`;
      }
      continue;
    } else {
      run = {
        root,
        mounts: scriptMounts(node, { scratch, obj: join(scratch, "obj"), out: outOf(node.id) }, (input) =>
          join(outOf(input.node), input.path ?? ""),
        ),
        environment: { ...node.environment, MAKEFLAGS: `-j${String(cores)}` },
        command: ["/usr/bin/bash", "-euo", "pipefail", "/run/step.sh"],
        cwd: "/obj",
      };
    }
    const ended = await runSandboxed(run, { log: join(scratch, "log") });
    if (!ended.ok || ended.value.status !== 0)
      throw new Error(readFileSync(join(scratch, "log"), "utf8").slice(-2000));
    cpu += ended.value.cpuMs;
  }
  const wall = performance.now() - began;
  rmSync(place, { recursive: true, force: true });
  return { wall: wall / 1000, cpu: cpu / 1000 };
}

/** Builds with an empty store; the real one is put back afterwards. */
async function byNvlab(): Promise<number> {
  const [store, aside] = [join(cacheDir, "store"), join(cacheDir, "store-aside")];
  renameSync(store, aside);
  try {
    const began = performance.now();
    const only = components.length > 0 ? ["--component", ...components] : [];
    await $`${join(home, "bin/nvlab")} --quiet --offline --cache-dir ${cacheDir} -C ${home} build qemu-virt ${only}`;
    return (performance.now() - began) / 1000;
  } finally {
    rmSync(store, { recursive: true, force: true });
    renameSync(aside, store);
  }
}

const hand = await byHand();
const nvlab = await byNvlab();
const bound = hand.cpu / cores;
console.log("| what | seconds |\n| --- | --- |");
console.log(`| by hand, one after another, \`make -j${String(cores)}\` | ${hand.wall.toFixed(1)} |`);
console.log(`| by hand, user + sys | ${hand.cpu.toFixed(1)} |`);
console.log(`| user + sys ÷ ${String(cores)} cores | ${bound.toFixed(1)} |`);
console.log(`| nvlab build, store empty | ${nvlab.toFixed(1)} |`);
console.log(`| nvlab ÷ (user + sys ÷ cores) | ${(nvlab / bound).toFixed(2)} |`);
