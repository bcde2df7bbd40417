import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leakyProject, type Leaky } from "../../support/leaky.ts";
import { home } from "../../support/program.ts";

let project: Leaky;
beforeAll(() => {
  project = leakyProject("      echo step has begun; sleep 30", { time: "date" });
});
afterAll(() => {
  project.close();
});

/** Starts a rebuild and waits until its step is running. */
async function started(): Promise<{ child: ChildProcess; ended: Promise<number | null> }> {
  const child = spawn(join(home, "bin/nvlab"), ["-C", project.folder, "--verbose", "reproduce"], {
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  await expect.poll(() => stepProcesses(), { timeout: 120_000, interval: 200 }).toBeGreaterThan(0);
  return { child, ended };
}

/** Processes of this machine whose environment has the nonce of this project's recipe. */
function stepProcesses(): number {
  const recipe = readFileSync(join(project.folder, "recipes/components/leaky.yaml"), "utf8");
  const nonce = /NONCE: (\S+)/.exec(recipe)?.[1] ?? "none";
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, "utf8").includes(nonce);
    } catch {
      return false;
    }
  }).length;
}

/** What a process has in the cache's folder for temporary things. */
function leftBy(child: ChildProcess): string[] {
  const names = readdirSync(join(process.env.NVLAB_CACHE_DIR ?? "", "tmp"));
  return names.filter((name) => name.startsWith(`${String(child.pid)}-`));
}

const soon = { timeout: 20_000, interval: 100 };

test("Ctrl-C ends a rebuild with all its processes and leaves nothing in the cache", async () => {
  const { child, ended } = await started();
  expect(leftBy(child)).not.toEqual([]);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  await expect.poll(stepProcesses, soon).toBe(0);
  expect(leftBy(child)).toEqual([]);
});

test("what a killed one leaves is removed by the next command that collects garbage", async () => {
  const { child, ended } = await started();
  child.kill("SIGKILL");
  await ended;
  await expect.poll(stepProcesses, soon).toBe(0);
  expect(leftBy(child)).not.toEqual([]);
  const collected = await project.run("gc", "--max-size", "1000G");
  expect(collected.status, collected.stderr).toBe(0);
  expect(leftBy(child)).toEqual([]);
});
