import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { closeLab, controlName, openLab, socketsFolder } from "../../../src/lab/lab-folder.ts";
import type { ControllerStatus } from "../../../src/lab/status.ts";
import { temporaryFolder } from "../../support/project.ts";
import { runLine, type Told } from "./fake-world.ts";

const healthy: ControllerStatus = {
  ...{ serial: 1000, contract: "1.0", generation: 0, removed: false, fatal: false, error: "NONE" },
  ...{ peer: false, interrupts: "msix", interrupts_sent: 0, links: [], gpus: [], channels: [] },
  dma: { stuck: 0, hang: false, in_flight: 0, read_bytes: 0, written_bytes: 0, refused: 0 },
};

/** A boot of two controllers, of which these have a model that answers. */
async function boot(...alive: readonly string[]): Promise<(line: string) => Promise<Told>> {
  const folder = temporaryFolder({ "nvlab.yaml": 'name: small\nversion: "1.0.0"\nextends: false\n' });
  const cache = join(folder, "cache");
  const controllers = ["nvlink0", "nvlink1"];
  const machines = [{ name: "a", controllers }] as const;
  const lab = await openLab(cache, { labVersion: 1, project: folder, target: "board", machines });
  onTestFinished(() => closeLab(lab));
  for (const name of alive) {
    const server = createServer((socket) => {
      socket.on("data", () => socket.end(`${JSON.stringify({ ok: true, ...healthy })}\n`));
    });
    const path = join(socketsFolder(lab, "a"), controlName(name));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());
  }
  return (line) => runLine(`-C ${folder} --cache-dir ${cache} lab ${line}`);
}

test("controllers that all answer are shown, and the status ends with 0", async () => {
  const lab = await boot("nvlink0", "nvlink1");
  const { code, out, err } = await lab("status");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^nvlink0 {2}serial 1000[^]*^nvlink1 {2}serial 1000/m);
});

test("a controller that does not answer hides nothing of the others, is told, and the status ends with 1", async () => {
  const lab = await boot("nvlink1");
  const { code, out, err } = await lab("status");
  expect(code).toBe(1);
  expect(out).toMatch(/^nvlink1 {2}serial 1000/);
  expect(err).toContain("NVLAB_LAB: nvlink0 has no model that answers");
});

test("with --json what does not answer is in the data, beside what does", async () => {
  const lab = await boot("nvlink1");
  const { code, out } = await lab("status --json");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    controllers: [{ name: "nvlink1", serial: 1000 }],
    failures: [{ code: "NVLAB_LAB", message: expect.stringContaining("nvlink0") as string }],
  });
});

test("where none answers, the status is a failure", async () => {
  const lab = await boot();
  const { code, out } = await lab("status --json");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ failures: [{ code: "NVLAB_LAB" }, { code: "NVLAB_LAB" }] });
});

test("the help says which controllers are meant where none is named", async () => {
  expect((await runLine("lab status --help")).out).toContain("which controller (all of them without)");
  expect((await runLine("lab fatal --help")).out).toContain("which controller (the first one without)");
});
