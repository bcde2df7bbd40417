import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rm, statfs, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { probeSandbox } from "../../exec/probe-sandbox.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import { debianMirrors } from "../../fetch/debian-mirrors.ts";
import { hostAptTargets } from "../../fetch/host-apt-targets.ts";
import { openNetwork } from "../../fetch/network.ts";
import { findProjectDirectory } from "../../recipe/project.ts";
import { readDocument } from "../../recipe/read-document.ts";
import type { CommandContext } from "../context.ts";
import type { Host } from "./check.ts";

/** The host as it is. */
export function realHost(context: CommandContext, nodeVersion: string): Host {
  return {
    nodeVersion,
    cacheDir: context.cacheDir,
    offline: context.offline,
    ask,
    exists: existsSync,
    freeBytes,
    canRunFrom,
    findRoot: () => findRoot(context.cacheDir),
    probeSandbox: (root) => probeSandbox(root),
    mirrors: () => mirrors(context),
    reach: (mirror) => reach(context, mirror),
  };
}

function ask(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: 10_000 }, (error, stdout) => {
      resolve(error === null ? (stdout.split("\n")[0] ?? "") : undefined);
    });
  });
}

/** Of the nearest folder that is there. */
async function freeBytes(folder: string): Promise<number | undefined> {
  for (let place = folder; ; place = dirname(place)) {
    const space = await statfs(place).catch(() => undefined);
    if (space !== undefined) return space.bavail * space.bsize;
    if (place === dirname(place)) return undefined;
  }
}

async function canRunFrom(folder: string): Promise<Result<boolean>> {
  const program = join(folder, `.doctor-${String(process.pid)}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(program, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    return ok((await ask(program, [])) !== undefined);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    return failed({ code: "NVLAB_STORE", message: `cannot be written: ${error.message}` });
  } finally {
    await rm(program, { force: true }).catch(() => undefined);
  }
}

async function findRoot(cacheDir: string): Promise<string | undefined> {
  const names = await readdir(join(cacheDir, "roots")).catch(() => []);
  return names
    .map((name) => join(cacheDir, "roots", name, "tree"))
    .find((tree) => existsSync(join(tree, "usr/bin/bwrap")));
}

async function mirrors(context: CommandContext): Promise<Result<readonly string[]>> {
  const found = findProjectDirectory(context.directory);
  const directory = found.ok ? found.value : context.home;
  const file = await readDocument("project", join(directory, "nvlab.yaml"), "nvlab.yaml", context.cacheDir);
  const choice = await debianMirrors({
    option: context.debianMirrors.join(" "),
    environment: {},
    project: file.ok ? file.value.value.mirrors : undefined,
    aptTargets: () => hostAptTargets(context.environment),
  });
  return choice.ok ? ok(choice.value.bases) : choice;
}

/** Asks for the head of the suite's index: what a mirror has that is one. */
async function reach(context: CommandContext, mirror: string): Promise<string | undefined> {
  const index = `${mirror}/dists/trixie/InRelease`;
  if (!/^https?:/.test(mirror)) {
    return existsSync(index.replace(/^file:(\/\/)?/, "")) ? undefined : `there is no ${index}`;
  }
  const { cacheDir, emit, environment, offline, signal } = context;
  const network = await openNetwork({ cacheDir, emit, environment, offline, signal });
  if (!network.ok) return network.failures[0]?.message;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(15_000)]);
  try {
    const answer = await network.value.request(index, { method: "HEAD", signal: patience });
    await answer.body.dump();
    return answer.statusCode === 200 ? undefined : `HTTP status ${String(answer.statusCode)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await network.value.close();
  }
}
