import { describe, expect, it } from "vitest";
import { ConsoleWatch } from "../../../src/boot/console-watch.ts";

function watched(...chunks: string[]): ConsoleWatch {
  const watch = new ConsoleWatch();
  chunks.forEach((chunk, index) => watch.write(Buffer.from(chunk), index * 100));
  return watch;
}

const boot = "OpenSBI v1.6\r\nU-Boot 2025.01 (Jan 01 2026)\r\nStarting kernel ...\r\n";

describe("watching a console", () => {
  it("sees each stage by its banner, with the time", () => {
    const watch = watched(
      "\r\nOpenSBI v1.6\r\n",
      "\r\nU-Boot 2025.01 (Jan 01 2026 - 00:00:00 +0000)\r\n",
      "Starting kernel ...\r\n",
      "[    0.000000] Linux version 6.18.15\r\n[    2.0] Run /init as init process\r\n",
      "nvlab: tests begin\r\nKTAP version 1\r\n1..1\r\n",
      "ok 1 a\r\nnvlab: tests end\r\n",
    );
    expect(watch.stages).toEqual([
      { stage: "power-on", at: 0 },
      { stage: "firmware", at: 0 },
      { stage: "bootloader", at: 100 },
      { stage: "kernel", at: 200 },
      { stage: "init", at: 300 },
      { stage: "tests", at: 400 },
      { stage: "done", at: 500 },
    ]);
    expect(watch.end).toEqual({ type: "tests-ended" });
  });

  it("never goes back a stage", () => {
    expect(watched(`${boot}OpenSBI v1.6\n`).stage).toBe("kernel");
  });

  it("joins lines and characters that come in pieces, and leaves out control sequences", () => {
    const bytes = Buffer.from("größe \u001b[31mred\u001b[0m\r\nrest");
    const watch = new ConsoleWatch();
    for (const byte of bytes) watch.write(Buffer.from([byte]), 5);
    expect(watch.lines).toEqual([{ text: "größe red", at: 5 }]);
    watch.close(9);
    expect(watch.lines[1]).toEqual({ text: "rest", at: 9 });
  });

  it.each([
    "Kernel panic - not syncing: VFS: Unable to mount root fs",
    "Oops [#1]",
    "Oops - load access fault [#1]",
    "Unable to handle kernel NULL pointer dereference at virtual address 0",
    "BUG: workqueue lockup",
    "kernel BUG at mm/slub.c:1!",
    "watchdog: BUG: soft lockup - CPU#0 stuck for 22s!",
  ])("recognises a kernel that says %s", (said) => {
    expect(watched(`${boot}[    1.234567] ${said}\n`).end).toEqual({ type: "crash", line: said });
  });

  it.each([
    "sbi_trap_error: hart0: trap0: failed",
    "Unhandled exception: Load access fault",
    "### ERROR ### Please RESET",
  ])("recognises firmware that says %s", (said) => {
    expect(watched(`OpenSBI v1.6\n${said}\n`).end?.type).toBe("crash");
  });

  it("recognises a kernel's words behind a line that a program has not ended, and with the caller", () => {
    for (const line of ["ok 1 a[    1.234567] Kernel panic - not syncing: oh", "[    1.2][    T1] Oops [#1]"])
      expect(watched(`${boot}${line}\n`).end?.type).toBe("crash");
  });

  it.each([
    "# the log has: Kernel panic - not syncing: oh",
    "    # [    1.234567] Oops [#1]",
    "ok 3 survives Unable to handle kernel paging request",
    "[    1.234567] nvlink-fusion nvlink-fusion.0: Internal error: 5",
  ])("does not end a machine for a test that says %s", (line) => {
    expect(watched(`${boot}${line}\n`).end).toBeUndefined();
  });

  it("does not take other words for a crash", () => {
    expect(watched(`${boot}ok 2 no oops, warning or lock-up\n# DEBUG: fine\n`).end).toBeUndefined();
  });

  it("recognises U-Boot's prompt, which ends no line, and only in U-Boot", () => {
    expect(watched("U-Boot 2025.01\n", "=>", " ").end).toEqual({ type: "prompt" });
    expect(watched(boot, "=> ").end).toBeUndefined();
  });

  it("sees the end of the tests by the outermost plan, also without the closing line", () => {
    const begin = `${boot}KTAP version 1\n1..2\n  1..1\n  ok 1 x\nok 1 a\n`;
    expect(watched(begin).end).toBeUndefined();
    expect(watched(begin, "not ok 2 b\n").end).toEqual({ type: "tests-ended" });
  });

  it("shows the last lines that say something, the unended one included", () => {
    expect(watched("a\n\nb\n\n=> ").tail(2)).toEqual(["b", "=> "]);
  });

  it("keeps a bounded part of a line that never ends", () => {
    const watch = watched(...Array.from({ length: 50 }, () => "x".repeat(1000)));
    expect(watch.tail(1)[0]?.length).toBe(4096);
  });
});
