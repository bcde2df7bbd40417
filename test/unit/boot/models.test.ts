import { createServer } from "node:net";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { modelRun, hasHostLink } from "../../../src/boot/model-run.ts";
import { type ModelStart, withModels } from "../../../src/boot/run-models.ts";
import { printMachines } from "../../../src/boot/shell-command.ts";
import { stageMachine, type StageRequest } from "../../../src/boot/stage-machine.ts";
import type { Supervise } from "../../../src/boot/supervise-machine.ts";
import { failed, ok } from "../../../src/failure/result.ts";
import { Machine } from "../../../src/recipe/schema/machine.ts";
import { temporaryFolder } from "../../support/project.ts";

const machine = Machine.parse({
  machine: "virt,aia=aplic-imsic",
  bios: "fw.bin",
  model: "model/nvlink-model",
  controllers: [
    {
      ...{ name: "nvlink0", slot: "10", serial: 1000, links: ["gpu0", "gpu1"], gpus: ["64M", "1G"] },
      adjacent: [{ gpus: [0, 1], links: 2 }],
    },
    { name: "nvlink1", slot: "11", serial: 1001, links: ["gpu0", "host0"], gpus: ["64M"], trained: true },
  ],
  iommu: { slot: "1e" },
});
const [first, second] = machine.controllers;
if (first === undefined || second === undefined) throw new Error("no controllers");

const place = { model: "model/nvlink-model", root: "/root", images: "/out", sockets: "/cache/lab/x/a" };

describe("the model behind a controller", () => {
  it("is told what the controller is", () => {
    const { command, mounts } = modelRun({ controller: first, ...place, machine: "a" });
    expect(command.join(" ")).toBe(
      "/images/model/nvlink-model --socket /lab/nvlink0.sock --control /lab/nvlink0.control " +
        "--serial 1000 --links gpu0,gpu1 --gpus 64M,1G --adjacent 0-1:2 --speed 25000 --lanes 4",
    );
    expect(mounts).toEqual([
      { host: "/out", at: "/images", writable: false },
      { host: "/cache/lab/x/a", at: "/lab", writable: true },
    ]);
  });

  it("waits for the other machine's, or looks for it, and is never mistaken for it", () => {
    const peer = "/cache/lab/x/peer";
    const [a, b] = (["a", "b"] as const).map((name) =>
      modelRun({ controller: second, ...place, machine: name, peer }).command.join(" "),
    );
    expect(a).toContain("--serial 1001 ");
    expect(a).toMatch(/--trained --peer-listen unix:\/peer\/nvlink1\.sock --persist$/);
    expect(b).toContain("--serial 1001001 ");
    expect(b).toContain("--peer-connect unix:/peer/nvlink1.sock");
    expect([hasHostLink(first), hasHostLink(second)]).toEqual([false, true]);
  });
});

const request: StageRequest = {
  ...{ machine, root: "/root", images: "/out", lab: "/cache/lab/x", peer: false },
  ...({ name: "a", console: "person" } as const),
};

describe("a machine with all its processes", () => {
  it("is QEMU, which can only connect to the sockets, and a model for each controller", () => {
    const staged = stageMachine(request);
    if (!staged.ok) throw new Error("not staged");
    const { qemu, models, log } = staged.value;
    expect(qemu.mounts).toContainEqual({ host: "/cache/lab/x/a", at: "/lab", writable: false });
    expect(models.map(({ name, control, log: file }) => [name, control, file])).toEqual([
      ["nvlink0", "/cache/lab/x/a/nvlink0.control", "/out/logs/nvlink0.log"],
      ["nvlink1", "/cache/lab/x/a/nvlink1.control", "/out/logs/nvlink1.log"],
    ]);
    expect(log).toBe("/out/logs/boot.log");
  });

  it("keeps the second machine's sockets and logs apart, and joins only what has a host link", () => {
    const staged = stageMachine({ ...request, name: "b", peer: true });
    if (!staged.ok) throw new Error("not staged");
    const { models, log } = staged.value;
    expect(models.map((model) => model.log)).toEqual(["/out/logs/nvlink0-b.log", "/out/logs/nvlink1-b.log"]);
    expect(models.map(({ name }) => name)).toEqual(["nvlink0 of machine b", "nvlink1 of machine b"]);
    expect(models.map(({ run }) => run.command.includes("--peer-connect"))).toEqual([false, true]);
    expect(log).toBe("/out/logs/boot-b.log");
  });

  it("prints as a text for a shell that starts the models before QEMU and ends them after it", () => {
    const staged = stageMachine(request);
    if (!staged.ok) throw new Error("not staged");
    const lines = printMachines([staged.value]).split("\n");
    const at = (start: string): number => lines.findIndex((line) => line.startsWith(start));
    const [begun, ready, qemu] = [at("/root/"), at("until "), lines.length - 2];
    expect(lines[at("rm -f ")]).toContain(" /cache/lab/x/a/nvlink1.sock /cache/lab/x/a/nvlink1.control ");
    expect(lines[begun]).toMatch(/ > \/out\/logs\/nvlink0\.log 2>&1 & set -- "\$@" \$!$/);
    expect(lines[ready]).toBe(
      "until test -S /cache/lab/x/a/nvlink0.control && test -S /cache/lab/x/a/nvlink1.control; do",
    );
    expect(lines[qemu]).toContain("qemu-system-riscv64");
    expect(at("rm -f ") < begun && begun < ready && ready < qemu).toBe(true);
  });

  it("prints the second machine likewise, with the sockets that join the two", () => {
    const both = (["a", "b"] as const).map((name) => stageMachine({ ...request, name, peer: true }));
    const text = printMachines(both.flatMap((staged) => (staged.ok ? [staged.value] : [])));
    expect(text).toMatch(/^rm -f .* \/cache\/lab\/x\/peer\/nvlink1\.sock /m);
    expect(text).toMatch(/qemu-system-riscv64.* > \/out\/logs\/boot-b\.log 2>&1 & set -- "\$@" \$!$/m);
  });
});

describe("models beside a machine", () => {
  const starts = (...names: readonly string[]): ModelStart[] => {
    const folder = temporaryFolder();
    return names.map((name) => ({
      name,
      run: { root: "/root", mounts: [], environment: {}, command: [name], cwd: "/" },
      control: join(folder, `${name}.control`),
      log: join(folder, "logs", `${name}.log`),
    }));
  };
  const alive = new Set<string>();

  /** Models that open their control socket and go on until they are killed, or until `deaths` says. */
  const models =
    (all: readonly ModelStart[], deaths: Readonly<Record<string, Promise<number>>> = {}): Supervise =>
    async ({ command: [name = ""] }, onOutput, signal) => {
      alive.add(name);
      onOutput(Buffer.from(`${name} speaks\n`));
      const server = createServer((socket) => socket.end());
      const control = all.find((start) => start.name === name)?.control ?? "";
      await new Promise<void>((resolve) => server.listen(control, resolve));
      const killed = new Promise<number>((resolve) =>
        signal.addEventListener("abort", () => resolve(137), { once: true }),
      );
      const status = await Promise.race([killed, ...(deaths[name] === undefined ? [] : [deaths[name]])]);
      alive.delete(name);
      server.close();
      return { status, stderr: "" };
    };

  it("are there while the work goes on, and gone afterwards, however it went", async () => {
    const all = starts("x", "y");
    for (const result of [ok(7), failed({ code: "NVLAB_BOOT", message: "no" })]) {
      const seen: string[] = [];
      const ended = await withModels(all, { supervise: models(all) }, () => {
        seen.push(...alive);
        return Promise.resolve(result);
      });
      expect(seen.sort()).toEqual(["x", "y"]);
      expect(alive.size).toBe(0);
      expect(ended).toEqual(result.ok ? ok({ value: 7, died: [] }) : result);
    }
    expect(readFileSync(all[0]?.log ?? "", "utf8")).toBe("x speaks\n");
  });

  it("end also where the work throws", async () => {
    const all = starts("x");
    const thrown = withModels(all, { supervise: models(all) }, () => Promise.reject(new Error("bug")));
    await expect(thrown).rejects.toThrow("bug");
    expect(alive.size).toBe(0);
  });

  it("that die meanwhile are told with their last lines; one that was told to quit is not", async () => {
    const all = starts("x", "y");
    let die: (() => void) | undefined;
    const time = new Promise<void>((resolve) => (die = resolve));
    const deaths = { x: time.then(() => 139), y: time.then(() => 0) };
    const ended = await withModels(all, { supervise: models(all, deaths) }, async () => {
      die?.();
      await expect.poll(() => alive.size).toBe(0);
      return ok("done");
    });
    expect(ended).toMatchObject({
      ok: true,
      value: {
        value: "done",
        died: [{ code: "NVLAB_MODEL", message: "The model of x was killed by signal 11." }],
      },
    });
    expect(JSON.stringify(ended)).toContain("x speaks");
  });

  it("that died are told also where the work failed, and not where a person stopped it", async () => {
    for (const code of ["NVLAB_BOOT", "NVLAB_INTERRUPTED"] as const) {
      const all = starts("x");
      const deaths = { x: new Promise<number>((resolve) => setTimeout(() => resolve(139), 200)) };
      const ended = await withModels(all, { supervise: models(all, deaths) }, async () => {
        await expect.poll(() => alive.size).toBe(0);
        return failed({ code, message: "QEMU ended with status 1." });
      });
      const codes = ended.ok ? [] : ended.failures.map((failure) => failure.code);
      expect(codes).toEqual(code === "NVLAB_BOOT" ? ["NVLAB_BOOT", "NVLAB_MODEL"] : [code]);
    }
  });

  it("that end before they are ready are a failure, and the others end too", async () => {
    const all = starts("x", "y");
    const one = models(all);
    const supervise: Supervise = (run, onOutput, signal) => {
      if (run.command[0] !== "y") return one(run, onOutput, signal);
      onOutput(Buffer.from("nvlink-model: --links does not take gpu9\n"));
      return Promise.resolve({ status: 2, stderr: "" });
    };
    const ended = await withModels(all, { supervise }, () => Promise.resolve(ok("never")));
    expect(ended).toMatchObject({
      ok: false,
      failures: [
        {
          code: "NVLAB_MODEL",
          message: "The model of y ended with status 2.",
          details: ["nvlink-model: --links does not take gpu9", expect.stringContaining("y.log")],
        },
      ],
    });
    expect(alive.size).toBe(0);
  });

  it("that never become ready are a failure, as is a sandbox that does not start", async () => {
    const all = starts("x");
    const silent: Supervise = (_run, _onOutput, signal) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve({ status: 137, stderr: "" })));
    const work = (): Promise<ReturnType<typeof ok<string>>> => Promise.resolve(ok("never"));
    expect(await withModels(all, { supervise: silent, startMs: 50 }, work)).toMatchObject({
      failures: [{ code: "NVLAB_MODEL", message: "The model of x was not ready after 0.05 s." }],
    });
    const none: Supervise = () =>
      Promise.resolve({ status: undefined, stderr: "bwrap: no", spawnError: "ENOENT" });
    expect(await withModels(all, { supervise: none }, work)).toMatchObject({
      failures: [{ code: "NVLAB_SANDBOX" }],
    });
    expect(await withModels(all, { supervise: silent, signal: AbortSignal.abort() }, work)).toMatchObject({
      failures: [{ code: "NVLAB_INTERRUPTED" }],
    });
  });

  it("are a failure where their log cannot be written", async () => {
    const all = starts("x");
    const folder = join(all[0]?.log ?? "", "..");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, ".."), { recursive: true });
    writeFileSync(folder, "");
    const ended = await withModels(all, { supervise: models(all) }, () => Promise.resolve(ok("never")));
    expect(ended).toMatchObject({ failures: [{ code: "NVLAB_OUT" }] });
  });
});
