import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bootBeside } from "../../../src/boot/boot-beside.ts";
import type { StagedMachine } from "../../../src/boot/stage-machine.ts";
import type { Supervise } from "../../../src/boot/supervise-machine.ts";
import { failed, ok, type Result } from "../../../src/failure/result.ts";
import { temporaryFolder } from "../../support/project.ts";

const machine = (): StagedMachine => ({
  name: "b",
  qemu: { root: "/root", mounts: [], environment: {}, command: ["qemu"], cwd: "/" },
  models: [],
  sockets: [],
  log: join(temporaryFolder(), "logs/boot-b.log"),
});

/** Goes on until it is killed. */
const running: Supervise = (_run, onOutput, signal) => {
  onOutput(Buffer.from("OpenSBI v1.6\n"));
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve({ status: 137, stderr: "" }), { once: true });
  });
};

const ending =
  (status: number | undefined): Supervise =>
  () =>
    Promise.resolve({ status, stderr: "bwrap: no" });

const work = async (): Promise<Result<string>> => {
  await new Promise((resolve) => setTimeout(resolve, 20));
  return ok("done");
};

describe("a machine beside the work", () => {
  it("runs until the work is done, and its console is in its log", async () => {
    const staged = machine();
    expect(await bootBeside(staged, work, running)).toEqual(ok("done"));
    expect(readFileSync(staged.log, "utf8")).toBe("OpenSBI v1.6\n");
  });

  it("may power off before the work is done", async () => {
    expect(await bootBeside(machine(), work, ending(0))).toEqual(ok("done"));
  });

  it("is a failure where it did not start, or where QEMU reports an error, beside those of the work", async () => {
    expect(await bootBeside(machine(), work, ending(undefined))).toMatchObject({
      failures: [{ code: "NVLAB_SANDBOX" }],
    });
    const broken = (): Promise<Result<string>> =>
      new Promise((resolve) => setTimeout(() => resolve(failed({ code: "NVLAB_BOOT", message: "no" })), 20));
    expect(await bootBeside(machine(), broken, ending(1))).toMatchObject({
      failures: [
        { message: "no" },
        { code: "NVLAB_BOOT", message: "QEMU of machine b ended with status 1." },
      ],
    });
  });

  it("that cannot be supervised is told of once the work has ended, not before", async () => {
    const rejecting: Supervise = () => Promise.reject(new Error("bug"));
    let worked = false;
    const beside = bootBeside(
      machine(),
      async () => {
        const result = await work();
        worked = true;
        return result;
      },
      rejecting,
    );
    await expect(beside).rejects.toThrow("bug");
    expect(worked).toBe(true);
  });

  it("ends also where the work throws", async () => {
    const thrown = bootBeside(machine(), () => Promise.reject(new Error("bug")), running);
    await expect(thrown).rejects.toThrow("bug");
  });
});
