import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { askController } from "../../../src/lab/ask-controller.ts";
import { closeLab, openLab, removeDeadLabs } from "../../../src/lab/lab-folder.ts";
import { chooseLab, controllersOf, runningLabs } from "../../../src/lab/running-lab.ts";
import { collectGarbage } from "../../../src/store/collect-garbage.ts";
import { ownedName } from "../../../src/store/process-identity.ts";
import { labsFolder } from "../../../src/store/stale-temporary.ts";
import { temporaryFolder } from "../../support/project.ts";

/** A server in the place of a model, which answers every line with the same text. */
async function answering(path: string, answer: string, ends = false): Promise<string[]> {
  const asked: string[] = [];
  const server: Server = createServer((socket) => {
    socket.on("data", (chunk) => {
      asked.push(chunk.toString());
      if (ends) socket.end(answer);
      else socket.write(answer);
    });
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return asked;
}

const day = 24 * 3_600_000;

const record = {
  labVersion: 1,
  project: "/home/somebody/board",
  target: "qemu-virt",
  machines: [
    { name: "a", controllers: ["nvlink0", "nvlink1"] },
    { name: "b", controllers: ["nvlink0", "nvlink1"] },
  ],
} as const;

const ask = (path: string, timeoutMs = 2000): ReturnType<typeof askController> =>
  askController({ name: "nvlink0", path }, "status", { timeoutMs });

describe("asking a controller", () => {
  it("works where the path is longer than a socket's address can be", async () => {
    const folder = join(temporaryFolder(), "x".repeat(120));
    mkdirSync(folder);
    const near = join(temporaryFolder(), "s");
    const asked = await answering(near, '{"ok":true,"links":[]}\n');
    symlinkSync(near, join(folder, "nvlink0.control"));
    expect(await ask(join(folder, "nvlink0.control"))).toEqual({ ok: true, value: { links: [] } });
    expect(asked).toEqual(["status\n"]);
  });

  it("tells why a controller refuses, without what a terminal would obey", async () => {
    const path = join(temporaryFolder(), "s");
    await answering(path, '{"ok":false,"error":"no \\u001b[31msuch link\\u0007"}\n');
    expect(await ask(path)).toMatchObject({
      failures: [{ code: "NVLAB_LAB", message: "nvlink0 refused 'status': no such link" }],
    });
  });

  it.each([
    ["no JSON", "hello\n", "gave an answer that cannot be"],
    ["no object", "[]\n", "gave an answer that cannot be"],
    ["no verdict", '{"links":[]}\n', "gave an answer that cannot be"],
    ["an error that is no text", '{"ok":false,"error":{}}\n', "gave an answer that cannot be"],
    ["no end of line", '{"ok":true}', "did not answer within 1 s"],
    ["more than anybody reads", "x".repeat(3 << 20), "answers without end"],
  ])("fails where the answer has %s", async (_, answer, said) => {
    const path = join(temporaryFolder(), "s");
    await answering(path, answer);
    const result = await ask(path, said.includes("within") ? 1000 : 60_000);
    expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_LAB" }] });
    expect(JSON.stringify(result)).toContain(said);
  });

  it("fails where the model goes away in the middle, or is gone", async () => {
    const path = join(temporaryFolder(), "s");
    await answering(path, '{"ok":', true);
    expect(JSON.stringify(await ask(path))).toContain("broke off");
    const none = await ask(join(temporaryFolder(), "none"));
    expect(none).toMatchObject({ failures: [{ message: "nvlink0 has no model that answers (ENOENT)" }] });
  });

  it("takes a model that ends without a word for one that has quit, where it was told to", async () => {
    const path = join(temporaryFolder(), "s");
    await answering(path, "", true);
    expect(await askController({ name: "nvlink0", path }, "quit")).toEqual({ ok: true, value: {} });
  });
});

describe("finding what runs", () => {
  const choice = { project: record.project };

  it("is possible from when a boot begins until it ends", async () => {
    const cache = temporaryFolder();
    const lab = await openLab(cache, record);
    const found = chooseLab(await runningLabs(cache), choice);
    expect(found).toMatchObject({ ok: true, value: { pid: process.pid, target: "qemu-virt", folder: lab } });
    await closeLab(lab);
    expect(chooseLab(await runningLabs(cache), choice)).toMatchObject({
      failures: [{ code: "NVLAB_LAB", hint: "start it in another terminal: nvlab boot" }],
    });
  });

  it("removes what a killed boot left behind, and nothing that is not a boot's", async () => {
    const cache = temporaryFolder();
    // The process with this number and start is not there any more.
    const dead = ownedName().replace(/^\d+-\d+/, "999999-1");
    mkdirSync(join(labsFolder(cache), dead, "a"), { recursive: true });
    mkdirSync(join(labsFolder(cache), "notes"));
    expect(await runningLabs(cache)).toEqual([]);
    expect(readdirSync(labsFolder(cache))).toEqual(["notes"]);
  });

  it("leaves a boot of another container or before a reboot alone for a day, and no longer", async () => {
    const cache = temporaryFolder();
    const foreign = ownedName().replace(/-[0-9a-f]+-(\d+)-/, "-0-$1-");
    mkdirSync(join(labsFolder(cache), foreign, "a"), { recursive: true });
    expect(await removeDeadLabs(cache)).toEqual([]);
    expect(readdirSync(labsFolder(cache))).toEqual([foreign]);
    await removeDeadLabs(cache, Date.now() + 2 * day);
    expect(readdirSync(labsFolder(cache))).toEqual([]);
  });

  it("is not needed to get rid of dead boots: garbage collection does so too", async () => {
    const cache = temporaryFolder();
    const dead = ownedName().replace(/^\d+-\d+/, "999999-1");
    const lab = await openLab(cache, record);
    mkdirSync(join(labsFolder(cache), dead, "a"), { recursive: true });
    const none = new Set<string>();
    const keep = { fingerprints: none, roots: none, downloads: none };
    const report = await collectGarbage({ cacheDir: cache, keep, dryRun: false, now: Date.now() });
    expect(report).toMatchObject({ value: { removed: [{ kind: "temporary", name: dead }] } });
    expect(readdirSync(labsFolder(cache))).toEqual([basename(lab)]);
  });

  it("passes over a record that cannot be read", async () => {
    const cache = temporaryFolder();
    const lab = await openLab(cache, record);
    for (const text of ["", "{", '{"labVersion":2}', '{"labVersion":1,"machines":[]}']) {
      writeFileSync(join(lab, "lab.json"), text);
      expect(await runningLabs(cache)).toEqual([]);
    }
  });

  it("asks which, where several run", async () => {
    const cache = temporaryFolder();
    await openLab(cache, record);
    await openLab(cache, { ...record, target: "other" });
    const labs = await runningLabs(cache);
    expect(chooseLab(labs, choice)).toMatchObject({ failures: [{ code: "NVLAB_LAB" }] });
    expect(chooseLab(labs, { ...choice, target: "other" })).toMatchObject({ value: { target: "other" } });
    expect(chooseLab(labs, { ...choice, pid: 1 })).toMatchObject({
      failures: [
        {
          code: "NVLAB_LAB",
          message: "no boot of /home/somebody/board has the process id 1",
          hint: expect.stringContaining(`${String(process.pid)} (qemu-virt)`) as string,
        },
      ],
    });
    expect(chooseLab(labs, { project: "/elsewhere" })).toMatchObject({
      failures: [{ details: [expect.stringContaining("qemu-virt of /home/somebody/board")] }],
    });
  });

  it("gives the controllers of all machines, or those that are named", async () => {
    const cache = temporaryFolder();
    const lab = await openLab(cache, record);
    const running = chooseLab(await runningLabs(cache), choice);
    if (!running.ok) throw new Error("nothing runs");
    const names = (more: object): string[] => {
      const found = controllersOf(running.value, { ...choice, ...more });
      return found.ok ? found.value.map(({ name, path }) => `${name} ${path.slice(lab.length)}`) : [];
    };
    expect(names({})).toHaveLength(4);
    expect(names({ machine: "b", controller: "nvlink1" })).toEqual([
      "nvlink1 of machine b /b/nvlink1.control",
    ]);
    expect(controllersOf(running.value, { ...choice, controller: "nvlink7" })).toMatchObject({
      failures: [{ hint: "controllers: nvlink0, nvlink1" }],
    });
  });
});
