import { join } from "node:path";
import { baseEnvironment } from "../exec/base-environment.ts";
import { runSandboxed } from "../exec/run-sandboxed.ts";
import type { SandboxRun } from "../exec/sandbox.ts";
import { ok, type Result } from "../failure/result.ts";
import type { InputFile } from "../recipe/input-file.ts";
import { removeTree } from "../store/remove-tree.ts";
import { makeTemporaryFolder } from "../store/staging.ts";
import { onDisk } from "../store/store-failure.ts";
import { readVerdict, type Verdict } from "./findings.ts";

/** A flattened device tree. */
export interface Tree {
  /** What findings call it. */
  readonly name: string;
  /** Host path. */
  readonly path: string;
}

export interface Validation {
  /** Host path of the unpacked root with dt-schema. */
  readonly root: string;
  /** Bindings beside those of dt-schema itself. */
  readonly bindings: readonly InputFile[];
  readonly trees: readonly Tree[];
}

interface Surroundings {
  readonly cacheDir: string;
  readonly signal?: AbortSignal;
}

const bindingsAt = "/bindings/";
const treeAt = (index: number): string => `/trees/${index}.dtb`;

/** The bindings are checked first: a schema that is wrong itself finds nothing wrong. */
const script = `dt-doc-validate ${bindingsAt}
dt-mk-schema -j -o /tmp/schema.json ${bindingsAt}
if [ -e /trees/0.dtb ]; then dt-validate -s /tmp/schema.json /trees/*; fi
`;

/**
 * Runs dt-schema over bindings and trees; the verdict is empty where it has nothing to say. Fails where its sandbox
 * does not start, is interrupted, or the cache cannot be written.
 */
export function validateTrees(
  validation: Validation,
  { cacheDir, signal }: Surroundings,
): Promise<Result<Verdict>> {
  return onDisk(cacheDir, async () => {
    const scratch = makeTemporaryFolder(cacheDir);
    const lines: string[] = [];
    try {
      const ended = await runSandboxed(sandboxOf(validation), {
        log: join(scratch, "log"),
        onLine: (line) => lines.push(line),
        ...(signal && { signal }),
      });
      if (!ended.ok) return ended;
      const { findings, stray } = readVerdict(lines);
      const { status } = ended.value;
      const silent = status !== 0 && findings.length === 0 && stray.length === 0;
      return ok({
        findings: findings.map((finding) => ({ ...finding, file: shown(finding.file, validation.trees) })),
        stray: silent ? [`it ended with status ${status} and said nothing`] : stray,
      });
    } finally {
      await removeTree(scratch);
    }
  });
}

function sandboxOf({ root, bindings, trees }: Validation): SandboxRun {
  return {
    root,
    mounts: [
      ...bindings.map(({ path, absolute }) => ({ host: absolute, at: bindingsAt + path, writable: false })),
      ...trees.map(({ path }, index) => ({ host: path, at: treeAt(index), writable: false })),
    ],
    environment: baseEnvironment(0),
    command: ["/usr/bin/bash", "-uc", script],
    cwd: "/tmp",
  };
}

function shown(file: string, trees: readonly Tree[]): string {
  const tree = trees.find((_, index) => file === treeAt(index));
  return tree?.name ?? (file.startsWith(bindingsAt) ? file.slice(bindingsAt.length) : file);
}
