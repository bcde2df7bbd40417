import { describe, expect, it } from "vitest";
import { bootInteractive } from "../../../src/boot/boot-interactive.ts";
import { failed, ok } from "../../../src/failure/result.ts";

const run = { root: "/root", mounts: [], environment: {}, command: ["qemu"], cwd: "/" };

function terminal(): { modes: boolean[]; setRawMode: (raw: boolean) => void } {
  const modes: boolean[] = [];
  return { modes, setRawMode: (raw) => void modes.push(raw) };
}

describe("a boot on the terminal", () => {
  it("ends well where the person leaves, with the terminal as it was", async () => {
    const screen = terminal();
    expect(
      await bootInteractive(run, { terminal: screen, runOnTerminal: () => Promise.resolve(ok(0)) }),
    ).toEqual(ok(undefined));
    expect(screen.modes).toEqual([true, false]);
  });

  it("fails where QEMU reports an error or is killed, with the terminal as it was", async () => {
    const screen = terminal();
    for (const status of [1, 137]) {
      const result = await bootInteractive(run, {
        terminal: screen,
        runOnTerminal: () => Promise.resolve(ok(status)),
      });
      expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_BOOT" }] });
    }
    expect(screen.modes).toEqual([true, false, true, false]);
  });

  it("hands on that the sandbox did not start, and restores the terminal when something throws", async () => {
    const screen = terminal();
    const failure = { code: "NVLAB_SANDBOX", message: "no" } as const;
    const result = await bootInteractive(run, { runOnTerminal: () => Promise.resolve(failed(failure)) });
    expect(result).toEqual(failed(failure));
    const thrown = bootInteractive(run, {
      terminal: screen,
      runOnTerminal: () => Promise.reject(new Error("bug")),
    });
    await expect(thrown).rejects.toThrow("bug");
    expect(screen.modes).toEqual([true, false]);
  });
});
