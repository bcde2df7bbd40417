import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtNodes, miniature, readText, type Miniature } from "../../support/miniature.ts";
import { home } from "../../support/program.ts";

let mini: Miniature;
beforeAll(async () => {
  mini = await miniature();
  const recipe = "recipes/components/mini.yaml";
  mini.write({
    [recipe]: readText(mini.folder, recipe).replace("make -C", "echo step has begun; sleep 4\n      make -C"),
  });
});
afterAll(() => mini.close());

/** Starts a build and waits until its step is running. */
async function started() {
  const child = spawn(join(home, "bin/nvlab"), [...mini.base, "--verbose", "build", "--no-frozen"], {
    env: { ...process.env, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => {
      resolve({ code, signal });
    });
  });
  let text = "";
  await new Promise<void>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      text += chunk.toString();
      if (text.includes("step has begun")) resolve();
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    void ended.then(() => {
      reject(new Error(text));
    });
  });
  return { child, ended };
}

/** Processes of this machine whose environment has the nonce of this project's recipe. */
function stepProcesses(): number {
  const nonce = /NONCE: (\S+)/.exec(readText(mini.folder, "recipes/components/mini.yaml"))?.[1] ?? "none";
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, "utf8").includes(nonce);
    } catch {
      return false;
    }
  }).length;
}

test("Ctrl-C ends every process of a step at once and exits with 130", async () => {
  const { child, ended } = await started();
  expect(stepProcesses()).toBeGreaterThan(0);
  child.kill("SIGINT");
  expect(await ended).toEqual({ code: 130, signal: null });
  expect(stepProcesses()).toBe(0);
});

test("after kill -9 nothing runs on, and the next build works as if nothing had been", async () => {
  const { child, ended } = await started();
  child.kill("SIGKILL");
  await ended;
  await expect.poll(stepProcesses, { timeout: 5000 }).toBe(0);
  const built = await mini.run("--json", "build", "--no-frozen");
  expect(built.status).toBe(0);
  expect(builtNodes(built)).toContain("mini");
});

test("two builds at once of the same thing build it once", async () => {
  const rebuilt = "echo another 1; sleep 3\n      make -C";
  const recipe = "recipes/components/mini.yaml";
  mini.write({
    [recipe]: readText(mini.folder, recipe).replace(/echo step has begun; sleep 4\n\s+make -C/, rebuilt),
  });
  const both = await Promise.all([mini.run("--json", "build"), mini.run("--json", "build")]);
  expect(both.map(({ status }) => status)).toEqual([0, 0]);
  expect(both.flatMap(builtNodes).filter((node) => node === "mini")).toHaveLength(1);
  expect((await mini.run("verify", "out/board")).status).toBe(0);
});
