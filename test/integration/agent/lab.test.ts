import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../../support/project.ts";
import { buildAgentProgram, run, type AgentProgram, type Ended } from "./agent-program.ts";
import { fakeSysfs, twoControllers } from "./fake-sysfs.ts";

let program: AgentProgram;

beforeAll(async () => {
  program = await buildAgentProgram();
});
afterAll(() => program.remove());

const mailboxBytes = 0x2000;

/** Two controllers whose mailboxes are files. */
function machine(): { sysfs: string; mailbox: (slot: string) => string } {
  const sysfs = temporaryFolder();
  fakeSysfs(sysfs, twoControllers);
  const mailbox = (slot: string) => join(sysfs, `bus/pci/devices/0000:00:${slot}.0/resource2`);
  for (const slot of ["10", "11"]) writeFileSync(mailbox(slot), Buffer.alloc(mailboxBytes));
  return { sysfs, mailbox };
}

/** Plays the model: waits for a command in a mailbox, looks around, answers it, and gives it back. */
async function answer(
  path: string,
  response: string,
  length = response.length,
  lookAround: () => void = () => undefined,
): Promise<string> {
  const file = openSync(path, "r+");
  const bytes = Buffer.alloc(mailboxBytes);
  do {
    await pause(2);
    readSync(file, bytes, 0, mailboxBytes, 0);
  } while (bytes.readUInt32LE(0) === 0);
  lookAround();
  writeSync(file, response, 0x400, "latin1");
  const word = Buffer.alloc(4);
  word.writeUInt32LE(length);
  writeSync(file, word, 0, 4, 4);
  closeSync(file);
  return bytes.toString("latin1", 0x100, 0x100 + bytes.readUInt32LE(0));
}

/** Runs nvlink-lab while the model can answer. */
function lab(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program.lab, args, { stdio: ["ignore", "pipe", "pipe"] });
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
    child.once("close", (status) => resolve({ status, ...said }));
  });
}

test("a command's words reach the right controller, and its answer is printed", async () => {
  const { sysfs, mailbox } = machine();
  const [command, ended] = await Promise.all([
    answer(mailbox("11"), '{"ok":true,"links":3}'),
    lab("--sysfs", sysfs, "nvlink1", "link", "2", "errors", "crc_flit", "7"),
  ]);
  expect(command).toBe("link 2 errors crc_flit 7");
  expect(ended).toEqual({ status: 0, stdout: '{"ok":true,"links":3}\n', stderr: "" });
});

test("a controller can be named by its PCI address, and a refusal is the exit status", async () => {
  const { sysfs, mailbox } = machine();
  const [, ended] = await Promise.all([
    answer(mailbox("10"), '{"ok":false,"error":"no such link"}'),
    lab("--sysfs", sysfs, "0000:00:10.0", "link 9 down"),
  ]);
  expect(ended).toEqual({ status: 1, stdout: '{"ok":false,"error":"no such link"}\n', stderr: "" });
});

test("the longest answer is printed whole", async () => {
  const { sysfs, mailbox } = machine();
  const response = `{"ok":true,"filler":"${"x".repeat(0x1c00 - 23)}"}`;
  const [, ended] = await Promise.all([
    answer(mailbox("10"), response),
    lab("--sysfs", sysfs, "nvlink0", "status"),
  ]);
  expect(response).toHaveLength(0x1c00);
  expect(ended).toEqual({ status: 0, stdout: `${response}\n`, stderr: "" });
});

test("an impossible length and a dead model are errors", async () => {
  const { sysfs, mailbox } = machine();
  const [, ended] = await Promise.all([
    answer(mailbox("10"), "{}", 0x7fffffff),
    lab("--sysfs", sysfs, "nvlink0", "status"),
  ]);
  expect(ended).toMatchObject({ status: 1, stdout: "" });
  writeFileSync(mailbox("11"), Buffer.alloc(mailboxBytes, 0xff));
  expect(run(program.lab, ["--sysfs", sysfs, "nvlink1", "status"])).toMatchObject({ status: 1, stdout: "" });
});

test("a model that does not answer is waited for, but not for ever", () => {
  const { sysfs } = machine();
  const ended = run(program.lab, ["--sysfs", sysfs, "nvlink0", "status"]);
  expect(ended).toMatchObject({ status: 1, stdout: "" });
  expect(ended.stderr).toContain("timed out");
});

test("a controller that is not there, and commands that are none, are refused", () => {
  const { sysfs } = machine();
  for (const name of ["nvlink2", "nvlink", "nvlink0x", "0000:00:1e.0", "..", "nvlink-1"])
    expect(run(program.lab, ["--sysfs", sysfs, name, "status"]).status, name).toBe(1);
  expect(run(program.lab, ["--sysfs", sysfs, "nvlink0"]).status).toBe(2);
  expect(run(program.lab, ["--sysfs", sysfs, "nvlink0", "x".repeat(769)]).status).toBe(2);
  expect(run(program.lab, []).status).toBe(2);
});

test("a sleeping function is kept awake for the command only", async () => {
  const { sysfs, mailbox } = machine();
  const function0 = join(sysfs, "bus/pci/devices/0000:00:10.0");
  writeFileSync(join(function0, "enable"), "0\n");
  const power = join(function0, "power");
  mkdirSync(power);
  writeFileSync(join(power, "control"), "auto\n");
  let meanwhile = "";
  const during = answer(mailbox("10"), '{"ok":true}', undefined, () => {
    meanwhile = readFileSync(join(power, "control"), "utf8");
  });
  const [, ended] = await Promise.all([during, lab("--sysfs", sysfs, "nvlink0", "status")]);
  expect(ended.status).toBe(0);
  expect(meanwhile).toMatch(/^on/);
  expect(readFileSync(join(power, "control"), "utf8")).toBe("auto\n");
  expect(readFileSync(join(function0, "enable"), "utf8")).toBe("1\n");
});

test("a function whose mailbox cannot be mapped is let sleep again", () => {
  const { sysfs, mailbox } = machine();
  const power = join(sysfs, "bus/pci/devices/0000:00:10.0/power");
  mkdirSync(power);
  writeFileSync(join(power, "control"), "auto\n");
  rmSync(mailbox("10"));
  execFileSync("mkfifo", [mailbox("10")]);
  expect(run(program.lab, ["--sysfs", sysfs, "nvlink0", "status"])).toMatchObject({ status: 1, stdout: "" });
  expect(readFileSync(join(power, "control"), "utf8")).toMatch(/^auto/);
});
