import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { baseEnvironment } from "../exec/base-environment.ts";
import { runSandboxed } from "../exec/run-sandboxed.ts";
import { ok, failed, type Result } from "../failure/result.ts";
import type { InputFile } from "../recipe/input-file.ts";
import { readFindings, type Finding } from "./findings.ts";

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

/** Runs dt-schema over bindings and trees; nothing where it has nothing to say. */
export async function validateTrees(
  { root, bindings, trees }: Validation,
  { cacheDir, signal }: Surroundings,
): Promise<Result<Finding[]>> {
  await mkdir(join(cacheDir, "tmp"), { recursive: true });
  const scratch = await mkdtemp(join(cacheDir, "tmp", "check-"));
  const lines: string[] = [];
  try {
    const ended = await runSandboxed(
      {
        root,
        mounts: [
          ...bindings.map(({ path, absolute }) => ({
            host: absolute,
            at: bindingsAt + path,
            writable: false,
          })),
          ...trees.map(({ path }, index) => ({ host: path, at: treeAt(index), writable: false })),
        ],
        environment: baseEnvironment(0),
        command: ["/usr/bin/bash", "-uc", script],
        cwd: "/tmp",
      },
      { log: join(scratch, "log"), onLine: (line) => lines.push(line), ...(signal && { signal }) },
    );
    if (!ended.ok) return ended;
    const findings = readFindings(lines).map((finding) => ({ ...finding, file: shown(finding.file, trees) }));
    if (ended.value.status === 0 || findings.length > 0) return ok(findings);
    return failed({
      code: "NVLAB_DEVICE_TREE",
      message: `dt-schema ended with ${ended.value.status}`,
      details: lines,
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function shown(file: string, trees: readonly Tree[]): string {
  const tree = trees.find((_, index) => file === treeAt(index));
  return tree?.name ?? (file.startsWith(bindingsAt) ? file.slice(bindingsAt.length) : file);
}
