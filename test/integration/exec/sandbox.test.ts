import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, closeSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bwrapArguments } from "../../../src/exec/bwrap-arguments.ts";
import { probeSandbox } from "../../../src/exec/probe-sandbox.ts";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";
import type { StepExit } from "../../../src/exec/step-exit.ts";
import { testRoot } from "../../support/root.ts";

let root: string;
let folder: string;
let lines: string[];

beforeAll(async () => {
  root = await testRoot();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-sandbox-"));
  for (const name of ["src", "obj"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "src", "file"), "content\n");
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sandbox = (script: string, environment: Record<string, string> = { PATH: "/usr/bin" }) => ({
  root,
  mounts: [
    { host: join(folder, "src"), at: "/src", writable: false },
    { host: join(folder, "obj"), at: "/obj", writable: true },
  ],
  environment,
  command: ["/usr/bin/bash", "-c", script],
  cwd: "/obj",
});

async function step(script: string, environment?: Record<string, string>): Promise<StepExit> {
  const result = await runSandboxed(sandbox(script, environment), {
    log: join(folder, "log"),
    onLine: (line) => lines.push(line),
  });
  if (!result.ok) throw new Error(result.failures[0]?.message);
  return result.value;
}

describe("a step in the sandbox", () => {
  it("has one unprivileged user, no capabilities, and the fixed host name", async () => {
    await step(
      "id -u; id -g; cat /proc/sys/kernel/hostname; grep -h ^Cap /proc/self/status; umask; ulimit -c",
    );
    const [uid, gid, name, ...rest] = lines;
    expect([uid, gid, name]).toEqual(["1000", "1000", "nvlab"]);
    expect(rest.slice(0, 5).every((line) => /:\t0{16}$/.test(line))).toBe(true);
    expect(rest.slice(5)).toEqual(["0022", "0"]);
  });

  it("has no network but a loopback of its own", async () => {
    await step("tail -n +3 /proc/net/dev | cut -d: -f1; wc -l < /proc/net/route");
    expect(lines.map((line) => line.trim())).toEqual(["lo", "1"]);
  });

  it("sees the root and its mounts, and nothing of the host", async () => {
    await step("echo /*; ls /proc | grep -c '^[0-9]'; cat /src/file");
    const [top, processes, content] = lines;
    const expected = "/bin /dev /etc /lib /lib64 /obj /proc /run /sbin /src /tmp /usr";
    expect(top?.split(" ").filter((name) => name !== "/var" && name !== "/opt")).toEqual(expected.split(" "));
    expect(Number(processes)).toBeLessThan(8);
    expect(content).toBe("content");
  });

  it("can write where it is meant to and nowhere else", async () => {
    const writable =
      "for d in / /usr /etc /src /dev /obj /tmp /run; do touch $d/x 2>/dev/null && echo $d; done; :";
    await step(writable);
    expect(lines).toEqual(["/obj", "/tmp", "/run"]);
  });

  it("has exactly the environment that it was given", async () => {
    process.env.NVLAB_TEST_LEAK = "yes";
    const run = { ...sandbox("", { PATH: "/usr/bin", GIVEN: "a b", EMPTY: "" }), command: ["/usr/bin/env"] };
    await runSandboxed(run, { log: join(folder, "log"), onLine: (line) => lines.push(line) });
    delete process.env.NVLAB_TEST_LEAK;
    expect(lines.sort()).toEqual(["EMPTY=", "GIVEN=a b", "PATH=/usr/bin", "PWD=/obj"]);
  });

  it("reads nothing from stdin, and has no terminal", async () => {
    await step("cat; (: < /dev/tty) 2>/dev/null || echo none");
    expect(lines).toEqual(["none"]);
  });

  it("cannot reach what nvlab's own caller left open", async () => {
    const inherited = openSync("/", "r");
    const fixture = join(import.meta.dirname, "../../support/sandbox-child.ts");
    const args = [
      "--import",
      "tsx",
      fixture,
      "run",
      root,
      join(folder, "obj"),
      "/usr/bin/ls",
      "/proc/self/fd/9/",
    ];
    const stdio = ["ignore", "pipe", "inherit", ...Array<"ignore">(6).fill("ignore"), inherited] as const;
    const child = spawn(process.execPath, args, { stdio: [...stdio] });
    closeSync(inherited);
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await once(child, "close");
    expect(JSON.parse(said)).toMatchObject({ ok: true, value: { status: 2, lines: 1 } });
  });

  it("has stdout and stderr in the order in which they were written", async () => {
    await step("for i in 1 2 3; do echo out$i; echo err$i >&2; done");
    expect(lines).toEqual(["out1", "err1", "out2", "err2", "out3", "err3"]);
  });

  it("reports its exit status, its time and its memory", async () => {
    const heavy =
      "x=$(head -c 40000000 /dev/zero | tr '\\0' x); for ((i = 0; i < 30000; i++)); do :; done; exit 5";
    const exit = await step(heavy);
    expect(exit.status).toBe(5);
    expect(exit.memoryRanOut).toBe(false);
    expect(exit.cpuMs).toBeGreaterThan(10);
    expect(exit.peakBytes).toBeGreaterThan(40_000_000);
    expect(exit.wallMs).toBeGreaterThan(0);
  });

  it("reports a signal as a shell does, and a command that is not there", async () => {
    expect((await step("kill -SEGV $$")).status).toBe(139);
    expect((await step("exec no-such-command")).status).toBe(127);
  });

  it("fails as a value when a file to mount is gone", async () => {
    rmSync(join(folder, "src"), { recursive: true });
    const result = await runSandboxed(sandbox("true"), { log: join(folder, "log") });
    expect(result).toMatchObject({
      ok: false,
      failures: [{ code: "NVLAB_SANDBOX", message: expect.stringContaining(join(folder, "src")) as string }],
    });
  });

  it("starts for the doctor too", async () => {
    expect(await probeSandbox(root)).toEqual({ ok: true, value: undefined });
  });

  const closed = (path: string): boolean =>
    path !== "/" && ((statSync(path).mode & 0o001) === 0 || closed(dirname(path)));

  it("starts for an ordinary user as it does for root", async (context) => {
    if (process.getuid?.() !== 0 || closed(root)) context.skip();
    const run = { ...sandbox("id -u; echo > /usr/x"), mounts: [], cwd: "/tmp" };
    const { file, args } = bwrapArguments(run, { terminal: "none" });
    const child = spawn(file, args, { uid: 65534, gid: 65534, env: {}, cwd: "/" });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await once(child, "close");
    expect(said).toMatch(/^1000\n.*Read-only file system\n$/);
  });
});
