import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { contractFailures } from "../../../src/image/contract-check.ts";
import { validateTrees } from "../../../src/check/dt-schema.ts";
import { baseEnvironment } from "../../../src/exec/base-environment.ts";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";
import { renderDeviceTree } from "../../../src/image/device-tree.ts";
import { Layers } from "../../../src/recipe/layers.ts";
import { home } from "../../support/program.ts";
import { temporaryFolder } from "../../support/project.ts";
import { testRoot } from "../../support/root.ts";

export const bindings = new Layers([home], home).tree("dts/bindings") ?? [];

/** Runs a script in a locked root, with /out as a folder of the host. */
async function inRoot(
  name: "build" | "check",
  script: string,
  project: Readonly<Record<string, string>>,
): Promise<{ readonly out: string; readonly printed: string }> {
  const folder = temporaryFolder(project);
  const out = join(folder, ".out");
  const lines: string[] = [];
  mkdirSync(out);
  const ended = await runSandboxed(
    {
      root: await testRoot(name),
      mounts: [
        { host: folder, at: "/project", writable: false },
        { host: out, at: "/out", writable: true },
      ],
      environment: baseEnvironment(0),
      command: ["/usr/bin/bash", "-euo", "pipefail", "-c", script],
      cwd: "/tmp",
    },
    { log: join(folder, ".log"), onLine: (line) => lines.push(line) },
  );
  const printed = lines.join("\n");
  if (!ended.ok || ended.value.status !== 0) throw new Error(printed);
  return { out, printed };
}

/** Gives the text of a file of this project as a test wants it. */
export type Change = (path: string, text: string) => string;

/** A source and its overlays of this project, changed, compiled as the build does: a tree for each change. */
export async function compiled(
  source: string,
  overlays: readonly string[],
  changes: readonly Change[],
): Promise<string[]> {
  const project: Record<string, string> = {};
  const scripts = changes.map((change, index) => {
    for (const path of [source, ...overlays])
      project[`${index}/${path}`] = change(path, readFileSync(join(home, path), "utf8"));
    const step = { source, overlays: [...overlays], include: [], contract: "nvlink-fusion" as const };
    const { script } = renderDeviceTree(step, `${index}.dtb`);
    return `(\n${script.replace("cd /project\n", `cd /project/${index}\n`)})\n`;
  });
  const { out } = await inRoot("build", scripts.join(""), project);
  return changes.map((_, index) => join(out, `${index}.dtb`));
}

/** The examples of a binding, compiled. */
export async function examplesOf(binding: string): Promise<string> {
  const script = `dt-extract-example /project/${binding} > /tmp/example.dts
dtc -q -@ -O dtb -o /out/tree.dtb /tmp/example.dts`;
  const text = readFileSync(join(home, binding), "utf8");
  return join((await inRoot("check", script, { [binding]: text })).out, "tree.dtb");
}

/** What dt-schema finds in a tree, as text. */
export async function findingsIn(path: string, against = bindings): Promise<string[]> {
  const found = await validateTrees(
    { root: await testRoot("check"), bindings: against, trees: [{ name: "tree.dtb", path }] },
    { cacheDir: temporaryFolder() },
  );
  if (!found.ok) throw new Error(JSON.stringify(found.failures));
  return [...found.value.findings.map(({ file, message }) => `${file}: ${message}`), ...found.value.stray];
}

/** What the contract finds in a tree, as text. */
export function breachesIn(path: string): string[] {
  const bytes = readFileSync(path);
  return contractFailures({ name: "tree.dtb", bytes, contract: "nvlink-fusion", sources: [] }).map(
    ({ message }) => message,
  );
}

/** A binding of this project with another text. */
export function changedBinding(path: string, change: (text: string) => string): typeof bindings {
  const absolute = join(temporaryFolder(), path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, change(readFileSync(join(home, path), "utf8")));
  return bindings.map((file) => (file.path === path ? { ...file, absolute } : file));
}
