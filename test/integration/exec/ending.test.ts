import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";
import { testRoot } from "../../support/root.ts";

let root: string;
let obj: string;

beforeAll(async () => {
  root = await testRoot();
});
beforeEach(() => {
  obj = mkdtempSync(join(tmpdir(), "nvlab-ending-"));
});
afterEach(() => rmSync(obj, { recursive: true, force: true }));

/** A grandchild that ignores every signal it can, has left its process group, and shows that it lives. */
const stubborn = `set -m; bash -c 'trap "" TERM INT HUP; while :; do echo x >> /obj/alive; sleep 0.02; done' &`;

const start = (script: string, signal?: AbortSignal) =>
  runSandboxed(
    {
      root,
      mounts: [{ host: obj, at: "/obj", writable: true }],
      environment: { PATH: "/usr/bin" },
      command: ["/usr/bin/bash", "-c", script],
      cwd: "/obj",
    },
    { log: join(obj, "log"), ...(signal === undefined ? {} : { signal }) },
  );

async function untilAlive(): Promise<void> {
  const begin = performance.now();
  while (!existsSync(join(obj, "alive"))) {
    if (performance.now() - begin > 20_000) throw new Error("the sandbox did not come up");
    await sleep(10);
  }
}

async function expectDead(): Promise<void> {
  const size = statSync(join(obj, "alive")).size;
  await sleep(150);
  expect(statSync(join(obj, "alive")).size).toBe(size);
}

describe("the end of a sandbox", () => {
  it("takes what a step left in the background with it", async () => {
    const result = await start(`${stubborn} sleep 0.3; exit 3`);
    expect(result).toMatchObject({ ok: true, value: { status: 3 } });
    await expectDead();
  });

  it("comes at once for every process when the build is interrupted", async () => {
    const controller = new AbortController();
    const running = start(`${stubborn} wait`, controller.signal);
    await untilAlive();
    const begin = performance.now();
    controller.abort();
    expect(await running).toMatchObject({ ok: false, failures: [{ code: "NVLAB_INTERRUPTED" }] });
    expect(performance.now() - begin).toBeLessThan(1000);
    await expectDead();
  });

  it("leaves nothing when interrupted at any moment of its start", async () => {
    for (let delay = 0; delay < 40; delay += 2) {
      const controller = new AbortController();
      const running = start(`${stubborn} wait`, controller.signal);
      await sleep(delay);
      controller.abort();
      expect(await running).toMatchObject({ ok: false, failures: [{ code: "NVLAB_INTERRUPTED" }] });
    }
    await sleep(50);
    if (existsSync(join(obj, "alive"))) await expectDead();
  });

  it("comes when nvlab itself is killed hard", async () => {
    const fixture = join(import.meta.dirname, "../../support/sandbox-child.ts");
    const args = ["--import", "tsx", fixture, "run", root, obj, "/usr/bin/bash", "-c", `${stubborn} wait`];
    const child = spawn(process.execPath, args, { stdio: "ignore" });
    await untilAlive();
    child.kill("SIGKILL");
    await once(child, "close");
    await sleep(100);
    await expectDead();
  });
});

describe("an interactive session", () => {
  it("runs on the caller's streams, with the caller's TERM, and gives the command's exit status", async () => {
    const fixture = join(import.meta.dirname, "../../support/sandbox-child.ts");
    const args = ["--import", "tsx", fixture, "shell", root, obj, "/usr/bin/bash"];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.end("echo term $TERM; id -u; grep ^Seccomp: /proc/self/status; touch /obj/made; exit 7\n");
    await once(child, "close");
    expect(said).toBe('term vt100\n1000\nSeccomp:\t2\n{"ok":true,"value":7}\n');
    expect(readFileSync(join(obj, "made"), "utf8")).toBe("");
  });
});
