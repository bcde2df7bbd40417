import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bootTest } from "../../../src/boot/boot-test.ts";
import type { Supervise } from "../../../src/boot/supervise-machine.ts";
import type { BootTestRequest } from "../../../src/boot/boot-test.ts";
import { shellQuote } from "../../../src/text/shell-quote.ts";
import { superviseSandbox } from "../../../src/exec/sandbox-process.ts";
import { execFileSync } from "node:child_process";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "nvlab-boot-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A real process in QEMU's place: a script whose status is reported as bwrap does it. */
function script(text: string): Supervise {
  const file = "/bin/sh";
  const args = ["-c", `( ${text}\n); status=$?; echo "{\\"exit-code\\": $status}" >&3; exit $status`];
  return (_run, onOutput, signal) => superviseSandbox({ file, args }, { onOutput, signal });
}

function test(text: string, change: Partial<BootTestRequest> = {}): ReturnType<typeof bootTest> {
  const run = { root: "/", mounts: [], environment: {}, command: [], cwd: "/" };
  return bootTest({
    run,
    timeoutSeconds: 20,
    log: join(folder, "logs/boot.log"),
    supervise: script(text),
    ...change,
  });
}

const boot =
  "echo OpenSBI v1.6; echo U-Boot 2025.01; echo Starting kernel ...; echo KTAP version 1; echo 1..1";

describe("a machine that is a real process", () => {
  it("is read while it runs and until it powers off", async () => {
    const outcome = await test(`${boot}; sleep 0.4; echo ok 1 a; sleep 0.1; echo nvlab: tests end`);
    expect(outcome).toMatchObject({ ok: true, value: { failures: [], ending: { type: "tests-ended" } } });
    expect(readFileSync(join(folder, "logs/boot.log"), "utf8")).toMatch(/ok 1 a\nnvlab: tests end\n$/);
    if (outcome.ok) expect(outcome.value.results.tests[0]?.timeMs).toBeGreaterThanOrEqual(200);
  });

  it("is killed with all its children when its time is up", async () => {
    const mark = `${folder}/alive`;
    const outcome = await test(`${boot}; (while sleep 0.1; do date >${shellQuote(mark)}; done) & sleep 60`, {
      timeoutSeconds: 0.6,
    });
    expect(outcome).toMatchObject({ ok: true, value: { ending: { type: "timeout" } } });
    const last = readFileSync(mark, "utf8");
    execFileSync("sleep", ["1.2"]);
    expect(readFileSync(mark, "utf8")).toBe(last);
  });

  it("is not waited for long after its tests have ended", async () => {
    const outcome = await test(`${boot}; echo ok 1 a; sleep 60`);
    expect(outcome).toMatchObject({ ok: true, value: { failures: [] } });
    if (outcome.ok) expect(outcome.value.wallMs).toBeLessThan(10_000);
  });

  it("may print without end and does not fill memory", async () => {
    const before = process.memoryUsage().rss;
    const outcome = await test("yes | head -c 2000000; head -c 20000000 /dev/zero; exit 1");
    expect(outcome).toMatchObject({ ok: true, value: { ending: { type: "exit", status: 1 } } });
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });
});
