import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { baseEnvironment } from "../../../src/exec/base-environment.ts";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";
import type { Mount } from "../../../src/exec/sandbox.ts";
import type { RenderedImage } from "../../../src/image/rendered.ts";
import { testRoot } from "../../support/root.ts";

/** Files by path: below /project, /in or /keys. A text that starts with #! is executable. */
type Files = Readonly<Record<string, string | Uint8Array>>;

export interface Made {
  readonly status: number;
  /** What the step printed. */
  readonly printed: string;
  readonly output: (path: string) => Buffer;
  /** Runs more bash in the same root with the step's /out, and gives back what it printed. */
  readonly look: (script: string) => Promise<string>;
}

/** Runs a rendered image step in the real root, with these project files and outputs of components. */
export async function make(
  rendered: RenderedImage,
  given: { project?: Files; inputs?: Files; keys?: Files },
): Promise<Made> {
  const root = await testRoot();
  const folder = mkdtempSync(join(tmpdir(), "nvlab-image-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const mounts: Mount[] = ["obj", "out"].map((name) => {
    mkdirSync(join(folder, name));
    return { host: join(folder, name), at: `/${name}`, writable: true };
  });
  const places: [string, Files][] = [
    ["project", given.project ?? {}],
    ["in", given.inputs ?? {}],
    ["keys", given.keys ?? {}],
    ["generated", rendered.texts],
  ];
  for (const [name, files] of places) {
    for (const [path, content] of Object.entries(files)) write(join(folder, name, path), content);
    mkdirSync(join(folder, name), { recursive: true });
    mounts.push({ host: join(folder, name), at: `/${name}`, writable: false });
  }
  const run = async (script: string): Promise<{ status: number; printed: string }> => {
    const lines: string[] = [];
    const ended = await runSandboxed(
      {
        root,
        mounts,
        environment: baseEnvironment(1_767_225_600),
        command: ["/usr/bin/bash", "-euo", "pipefail", "-c", script],
        cwd: "/obj",
      },
      { log: join(folder, "log"), onLine: (line) => lines.push(line) },
    );
    if (!ended.ok) throw new Error(ended.failures[0]?.message);
    return { status: ended.value.status, printed: lines.join("\n") };
  };
  return {
    ...(await run(rendered.script)),
    output: (path) => readFileSync(join(folder, "out", path)),
    look: async (script) => (await run(script)).printed,
  };
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  if (typeof content === "string" && content.startsWith("#!")) chmodSync(path, 0o755);
}
