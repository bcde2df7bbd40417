import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import type { Failure } from "../failure/failure.ts";
import type { InputFile, NodeInput, PlanNode } from "../plan/node.ts";
import { readFitKey } from "./read-fit-key.ts";

/** Files of the project that a node reads when it runs. */
function filesOf(node: PlanNode): readonly InputFile[] {
  switch (node.kind) {
    case "source":
      return [];
    case "patched":
      return [...node.patches, ...node.overlay.map(({ file }) => file)];
    case "config":
    case "build":
    case "image":
      return node.files;
  }
}

/**
 * Project files that are not as they were when the fingerprint was made from them. An output made of them would be
 * stored under a fingerprint that is not its own.
 */
export function changedFiles(node: PlanNode): Failure[] {
  const changed = filesOf(node).filter(({ absolute, sha256 }) => digestOf(absolute) !== sha256);
  return changed.map(({ path }) => ({
    code: "NVLAB_STEP",
    message: `${path} was changed while '${node.component}' was built from it`,
    hint: "build again",
  }));
}

/** A signing key in whose file another one is now: the fingerprint was made from the one before. */
export function changedKey(node: PlanNode, keyFile: (key: string) => string): Failure[] {
  if (!("signing" in node)) return [];
  const { key, sha256, development } = node.signing;
  const now = readFitKey(key, keyFile(key), development);
  if (!now.ok) return [...now.failures];
  if (now.value.key.sha256 === sha256) return [];
  return [
    {
      code: "NVLAB_STEP",
      message: `the key '${key}' was changed while '${node.component}' was signed with it`,
      hint: "build again",
    },
  ];
}

function digestOf(absolute: string): string | undefined {
  try {
    return createHash("sha256").update(readFileSync(absolute)).digest("hex");
  } catch {
    return undefined;
  }
}

/**
 * Inputs that the node which should have made them did not make, or made as a link that leads out of its output:
 * mounted, it would show a file of the host that no fingerprint knows.
 */
export function unusableInputs(
  node: PlanNode,
  hostPathOf: (input: Pick<NodeInput, "node" | "path">) => string,
): Failure[] {
  const inputs = "inputs" in node ? node.inputs : [];
  return inputs.flatMap((input): Failure[] => {
    const { node: from, path } = input;
    if (path === undefined) return [];
    const [folder, found] = [realPath(hostPathOf({ node: from })), realPath(hostPathOf(input))];
    if (folder !== undefined && found?.startsWith(`${folder}/`) === true) return [];
    return [
      {
        code: "NVLAB_OUTPUT_MISSING",
        message: `'${from}' has no ${path}, which '${node.id}' takes${found === undefined ? "" : ": it is a link that leads elsewhere"}`,
        hint: `name the file itself among the outputs of '${from}'`,
      },
    ];
  });
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
