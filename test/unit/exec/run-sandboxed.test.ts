import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-exec-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A root whose loader is a shell script in the place of bwrap. */
function fakeRoot(script: string): string {
  const libraries = join(folder, "root/usr/lib/x86_64-linux-gnu");
  mkdirSync(libraries, { recursive: true });
  const loader = join(libraries, "ld-linux-x86-64.so.2");
  writeFileSync(loader, `#!/bin/sh\n${script}\n`);
  chmodSync(loader, 0o755);
  return join(folder, "root");
}

const run = (root: string, extra: { onLine?: (line: string) => void; signal?: AbortSignal } = {}) =>
  runSandboxed(
    { root, mounts: [], environment: {}, command: ["true"], cwd: "/" },
    { log: join(folder, "log"), ...extra },
  );

describe("runSandboxed", () => {
  it("gives the command's exit status, its lines as they come, and keeps them in the log", async () => {
    const lines: string[] = [];
    const root = fakeRoot(`echo one; echo two; echo '{ "exit-code": 3 }' >&3; exit 3`);
    const result = await run(root, { onLine: (line) => lines.push(line) });
    expect(result).toMatchObject({ ok: true, value: { status: 3, lines: 2, cpuMs: 0, peakBytes: 0 } });
    expect(lines).toEqual(["one", "two"]);
    expect(readFileSync(join(folder, "log"), "utf8")).toBe("one\ntwo\n");
  });

  it("tells a sandbox that did not start from a command that failed", async () => {
    const root = fakeRoot(
      `echo "bwrap: Can't find source path /gone: No such file or directory" >&2; exit 1`,
    );
    expect(await run(root)).toMatchObject({
      ok: false,
      failures: [{ code: "NVLAB_SANDBOX", message: expect.stringContaining("/gone") as string }],
    });
  });

  it("fails as a value where the root is not there", async () => {
    const result = await run(join(folder, "nowhere"));
    expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_SANDBOX" }] });
  });

  it("fails as a value where the log cannot be written", async () => {
    const root = fakeRoot("exit 0");
    const result = await runSandboxed(
      { root, mounts: [], environment: {}, command: ["true"], cwd: "/" },
      { log: join(folder, "missing", "log") },
    );
    expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_STORE" }] });
  });

  it("does not start once interrupted", async () => {
    const root = fakeRoot(`touch ${folder}/started`);
    const result = await run(root, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_INTERRUPTED" }] });
    expect(existsSync(join(folder, "started"))).toBe(false);
  });

  it("kills the whole group at once when aborted, also what ignores signals", async () => {
    const controller = new AbortController();
    const root = fakeRoot(`trap '' TERM INT; (trap '' TERM; sleep 60) & echo ready; wait`);
    const begin = performance.now();
    const result = await run(root, {
      signal: controller.signal,
      onLine: () => {
        controller.abort();
      },
    });
    expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_INTERRUPTED" }] });
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it("counts a sandbox that was killed from outside as killed", async () => {
    expect(await run(fakeRoot("kill -9 $$"))).toMatchObject({ ok: true, value: { status: 137 } });
  });

  it("passes nothing of the caller's environment on", async () => {
    const lines: string[] = [];
    await run(fakeRoot(`env; echo '{"exit-code": 0}' >&3`), { onLine: (line) => lines.push(line) });
    expect(lines.map((line) => line.split("=")[0]).filter((name) => name !== "PWD" && name !== "_")).toEqual(
      [],
    );
  });
});
