import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { printMachines } from "../../../src/boot/shell-command.ts";
import { stageMachine, type StagedMachine } from "../../../src/boot/stage-machine.ts";
import { Machine } from "../../../src/recipe/schema/machine.ts";
import { temporaryFolder } from "../../support/project.ts";

const loader = "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2";

/** In the place of the root's loader: plays the sandbox with the model or QEMU in it, and says in a file that it lives. */
const stub = `#!${process.execPath}
const { createServer, connect } = require("node:net");
const { writeFileSync } = require("node:fs");
const args = process.argv;
const after = (word) => args[args.indexOf(word) + 1];
const lab = args[args.indexOf("/lab") - 1];
const host = (path) => path.replace("/lab", lab);
if (args.includes("--control")) {
  const control = host(after("--control"));
  console.log("model " + after("--serial"));
  if (after("--serial") === "13") process.exit(2);
  writeFileSync(control + ".pid", String(process.pid));
  setTimeout(() => createServer(() => undefined).listen(control), 200);
} else {
  const socket = connect(lab + "/nvlink0.control");
  socket.on("error", () => process.exit(9));
  socket.on("connect", () => process.exit(0));
}
`;

function staged(serial: number): StagedMachine {
  const folder = temporaryFolder({ [`root/${loader}`]: stub });
  chmodSync(join(folder, "root", loader), 0o755);
  const machine = Machine.parse({
    ...{ machine: "virt,aia=aplic-imsic", bios: "fw.bin", model: "nvlink-model" },
    controllers: [{ name: "nvlink0", slot: "10", serial, links: ["gpu0"], gpus: ["64M"] }],
    iommu: { slot: "1e" },
  });
  const result = stageMachine({
    ...{ machine, root: join(folder, "root"), images: join(folder, "out"), lab: join(folder, "lab") },
    ...({ name: "a", peer: false, console: "person" } as const),
  });
  if (!result.ok) throw new Error(JSON.stringify(result.failures));
  return result.value;
}

/** A socket as a killed model leaves it: there, and nobody behind it. */
async function leaveSocket(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.made`, resolve));
  linkSync(`${path}.made`, path);
  await new Promise((resolve) => server.close(resolve));
}

async function run(shell: string, text: string): Promise<{ status: unknown; said: string }> {
  const child: ChildProcess = spawn(shell, ["-c", text], { stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [status] = (await once(child, "exit")) as [unknown];
  return { status, said };
}

/** One that has ended may wait for long until the first process of a container takes notice. */
function isAlive(pid: number): boolean {
  const stat = `/proc/${String(pid)}/stat`;
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, "latin1"));
}

describe.each(["sh", "bash"])("the commands that are printed, run by %s", (shell) => {
  test("start QEMU when the models are ready, whatever killed ones left, and end them with it", async () => {
    const machine = staged(1000);
    const [model] = machine.models;
    if (model === undefined) throw new Error("no model");
    await leaveSocket(model.control);
    expect(await run(shell, printMachines([machine]))).toEqual({ status: 0, said: "" });
    const pid = Number(readFileSync(`${model.control}.pid`, "utf8"));
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(readFileSync(model.log, "utf8")).toBe("model 1000\n");
  });

  test("end where a model cannot start, and name its log", async () => {
    const machine = staged(13);
    const [model] = machine.models;
    const { status, said } = await run(shell, printMachines([machine]));
    expect(status).toBe(1);
    expect(said).toBe(`a model has ended: see ${model?.log ?? ""}\n`);
    expect(readFileSync(model?.log ?? "", "utf8")).toBe("model 13\n");
  });
});
