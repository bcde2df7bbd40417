import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BootTestOutcome } from "../../../src/boot/boot-outcome.ts";
import type { BootTestRequest } from "../../../src/boot/boot-test.ts";
import { bootTest } from "../../../src/boot/boot-test.ts";
import type { Supervise } from "../../../src/boot/supervise-machine.ts";
import { renderTestTable } from "../../../src/boot/test-table.ts";
import { writeTestResults } from "../../../src/boot/write-results.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "nvlab-boot-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = { root: "/root", mounts: [], environment: {}, command: ["qemu"], cwd: "/" };
const boot = "OpenSBI v1.6\nU-Boot 2025.01\nStarting kernel ...\nRun /init as init process\n";
const good = `${boot}KTAP version 1\n1..2\nok 1 a\nok 2 b\nnvlab: tests end\n`;

/** A machine that prints and then ends with a status, or (undefined) goes on until it is killed. */
function machine(text: string, status?: number): Supervise {
  return (_run, onOutput, signal) => {
    onOutput(Buffer.from(text));
    if (status !== undefined) return Promise.resolve({ status, stderr: "" });
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve({ status: 137, stderr: "" }));
    });
  };
}

async function tested(supervise: Supervise, change: Partial<BootTestRequest> = {}): Promise<BootTestOutcome> {
  const result = await bootTest({
    run,
    timeoutSeconds: 60,
    log: join(folder, "logs/boot.log"),
    supervise,
    ...change,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
}
const told = ({ failures }: BootTestOutcome): string[] =>
  failures.map(({ code, message }) => `${code} ${message}`);

describe("a boot without a person", () => {
  it("passes where every test was reported and none failed", async () => {
    const lines: string[] = [];
    const outcome = await tested(machine(good, 0), { onLine: (line) => lines.push(line) });
    expect(outcome.failures).toEqual([]);
    expect(outcome.stages.at(-1)?.stage).toBe("done");
    expect(lines).toEqual(good.trimEnd().split("\n"));
    expect(readFileSync(outcome.log, "utf8")).toBe(good);
  });

  it("passes likewise where the machine powers off without the closing line", async () => {
    expect(told(await tested(machine(good.replace("nvlab: tests end\n", ""), 0)))).toEqual([]);
  });

  it("names each test that failed, with what it said", async () => {
    const text = `${boot}KTAP version 1\n1..1\n  KTAP version 1\n  1..2\n  # got 3\n  not ok 1 x\n  ok 2 y\nnot ok 1 a\n`;
    const outcome = await tested(machine(text, 0));
    expect(outcome.failures).toEqual([
      { code: "NVLAB_BOOT_TEST", message: "a: x failed.", details: ["got 3"] },
    ]);
    expect(outcome.troubles).toEqual([]);
  });

  it("fails where no test was run", async () => {
    for (const text of [`${boot}KTAP version 1\n1..0\n`, `${boot}KTAP version 1\n1..1\nok 1 a # SKIP\n`]) {
      expect(told(await tested(machine(text, 0)))).toEqual(["NVLAB_BOOT_TEST No test was run."]);
    }
  });

  it("fails where the report has no end or the tests gave up", async () => {
    expect(told(await tested(machine(`${boot}KTAP version 1\n1..2\nok 1 a\n`, 0)))).toEqual([
      "NVLAB_BOOT_TEST The test report is not whole: 1 of 2 planned tests reported.",
    ]);
    expect(
      told(await tested(machine(`${boot}KTAP version 1\n1..2\nok 1 a\nBail out! no disk\n`, 0))),
    ).toEqual(["NVLAB_BOOT_TEST The tests gave up: no disk."]);
  });

  it("fails where the machine powers off without any test, and says where", async () => {
    expect(told(await tested(machine(boot, 0)))).toEqual([
      "NVLAB_BOOT The machine powered off in /init without running any test.",
    ]);
  });

  it("says at which stage a machine stuck, with its last lines", async () => {
    const outcome = await tested(machine("OpenSBI v1.6\nU-Boot 2025.01\nhalf a li"), {
      timeoutSeconds: 0.05,
    });
    expect(told(outcome)).toEqual(["NVLAB_BOOT The machine was not done after 0.05 s: it stuck in U-Boot."]);
    expect(outcome.failures[0]?.details).toContain("half a li");
    expect(outcome.ending).toEqual({ type: "timeout" });
  });

  it("ends a machine that crashed soon after, and tells the tests before it too", async () => {
    const text = `${boot}KTAP version 1\n1..2\nnot ok 1 a\n[    1.000000] Kernel panic - not syncing: oh\n`;
    const outcome = await tested(machine(text), { timeoutSeconds: 30 });
    expect(told(outcome)).toEqual([
      "NVLAB_BOOT The machine crashed in the self-tests: Kernel panic - not syncing: oh",
      "NVLAB_BOOT_TEST The test report is not whole: 1 of 2 planned tests reported.",
      "NVLAB_BOOT_TEST a failed.",
    ]);
    expect(outcome.wallMs).toBeLessThan(5000);
  });

  it("ends a boot loader that waits at its prompt", async () => {
    const outcome = await tested(machine("U-Boot 2025.01\n=> "), { timeoutSeconds: 30 });
    expect(told(outcome)[0]).toContain("waits at its prompt");
  });

  it("says what QEMU said where it refused to start the machine", async () => {
    const outcome = await tested(machine("qemu-system-riscv64: no such device\n", 1));
    expect(told(outcome)).toEqual(["NVLAB_BOOT QEMU ended with status 1 before any output."]);
    expect(outcome.failures[0]?.details?.[0]).toBe("qemu-system-riscv64: no such device");
  });

  it("is a failure where the sandbox did not start, was interrupted, or has no log", async () => {
    const log = join(folder, "boot.log");
    const none: Supervise = () =>
      Promise.resolve({ status: undefined, stderr: "bwrap: no", spawnError: "ENOENT" });
    const ask = (change: Partial<BootTestRequest>): ReturnType<typeof bootTest> =>
      bootTest({ run, timeoutSeconds: 60, log, supervise: none, ...change });
    expect(await ask({})).toMatchObject({ ok: false, failures: [{ code: "NVLAB_SANDBOX" }] });
    expect(await ask({ signal: AbortSignal.abort() })).toMatchObject({
      failures: [{ code: "NVLAB_INTERRUPTED" }],
    });
    const late = new AbortController();
    const waiting = ask({ signal: late.signal, supervise: machine(boot) });
    setTimeout(() => late.abort(), 20);
    expect(await waiting).toMatchObject({ failures: [{ code: "NVLAB_INTERRUPTED" }] });
    writeFileSync(join(folder, "file"), "");
    expect(await ask({ log: join(folder, "file/boot.log") })).toMatchObject({
      failures: [{ code: "NVLAB_OUT", hint: expect.stringContaining("--out DIR") as string }],
    });
  });
});

describe("what a boot leaves behind", () => {
  const text =
    `${boot}KTAP version 1\n1..4\n  KTAP version 1\n  1..3\n  ok 1 x\n  # <&"'\u0007\n  not ok 2 y > z # because\n` +
    "  ok 3 w # SKIP none\nnot ok 1 a\nok 2 b\nok 3 c # SKIP no card\nnot ok 4 d # TODO later\n";

  it("is a table", async () => {
    const outcome = { ...(await tested(machine(text, 0))), wallMs: 1234 };
    expect(renderTestTable(outcome).replace(/ +\d+\.\d s(?= |$)/gm, "")).toBe(
      [
        "  FAIL  a     1/3",
        "        FAIL  y > z  (because)",
        "              <&\"'",
        "        skip  w  (none)",
        "  pass  b",
        "  skip  c  no card",
        "  xfail d  later",
        "",
        "2 passed, 1 failed, 2 skipped, 1 expected to fail in",
        "",
      ].join("\n"),
    );
  });

  it("is a junit.xml that is escaped, with a case for each leaf and one for the machine", async () => {
    await writeTestResults(folder, "qemu-virt", await tested(machine(text, 0)));
    const xml = readFileSync(join(folder, "junit.xml"), "utf8");
    expect(xml).toContain('tests="7" failures="1" errors="0" skipped="3"');
    expect(xml).toContain('<testcase classname="qemu-virt.a" name="y &gt; z"');
    expect(xml).toContain('<failure message="because">&lt;&amp;&quot;&apos;</failure>');
    expect(xml).toContain('<skipped message="no card"/>');
    expect(xml).toContain('<skipped message="expected to fail: later"/>');
    expect(xml).toMatch(/<testcase classname="qemu-virt" name="boot" time="\d+\.\d{3}"\/>/);
  });

  it("is an error in junit.xml where the machine crashed", async () => {
    await writeTestResults(folder, "qemu-virt", await tested(machine("qemu: <bad>\n", 1)));
    const xml = readFileSync(join(folder, "junit.xml"), "utf8");
    expect(xml).toContain('errors="1"');
    expect(xml).toContain('<error message="QEMU ended with status 1 before any output.">qemu: &lt;bad&gt;');
  });

  it("is a test-results.json for programs", async () => {
    await writeTestResults(folder, "qemu-virt", await tested(machine(good, 0)));
    expect(JSON.parse(readFileSync(join(folder, "test-results.json"), "utf8"))).toMatchObject({
      resultsVersion: 1,
      target: "qemu-virt",
      passed: true,
      counts: { pass: 2, fail: 0, skip: 0 },
      tests: [{ name: "a" }, { name: "b" }],
      failures: [],
    });
  });

  it("is a failure where it cannot be written", async () => {
    const outcome = await tested(machine(good, 0));
    expect(await writeTestResults(join(folder, "none"), "qemu-virt", outcome)).toMatchObject({
      ok: false,
      failures: [{ code: "NVLAB_OUT", hint: expect.stringContaining("--out DIR") as string }],
    });
  });
});
