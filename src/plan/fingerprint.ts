import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import type { NodeInput, PlanNode } from "./node.ts";

/** Raised when what a source or patched tree holds changes for the same inputs. */
const treeVersion = 1;

/**
 * Everything that can influence a node's output, as readable parts. Host paths, target names, comments and
 * licences are not among them.
 */
export type Signature = Readonly<Record<string, string>>;

export interface SignatureContext {
  /** Digest of a root by its name. */
  readonly rootDigest: (root: string) => string;
  /** Output digest of another node, or of one path in it. Asked for input by input. */
  readonly outputDigest: (input: Pick<NodeInput, "node" | "path">) => string;
  /** Version of the sandbox policy: another policy is another environment. */
  readonly sandboxPolicy: string;
  /** SOURCE_DATE_EPOCH in seconds. */
  readonly epoch: number;
  /** Builds start from what the last one left in /obj: such an output never stands in for a clean one. */
  readonly incremental: boolean;
}

export function signatureOf(node: PlanNode, context: SignatureContext): Signature {
  switch (node.kind) {
    case "source":
      return {
        kind: `source ${String(treeVersion)}`,
        strip: String(node.strip),
        source: node.origin.type === "git" ? node.origin.tree : node.origin.sha256,
      };
    case "patched":
      return {
        kind: `patched ${String(treeVersion)}`,
        ...(node.source !== undefined && { source: context.outputDigest({ node: node.source }) }),
        ...Object.fromEntries(
          node.patches.map((patch, index) => [
            `patch ${String(index).padStart(4, "0")} ${baseName(patch.path)}`,
            patch.sha256,
          ]),
        ),
        ...Object.fromEntries(
          node.overlay.map(({ to, file }) => [
            `overlay ${to}`,
            `${file.sha256}${file.executable ? " x" : ""}`,
          ]),
        ),
      };
    case "config":
    case "build":
    case "image":
      return {
        kind: node.kind,
        root: context.rootDigest(node.root),
        sandbox: context.sandboxPolicy,
        epoch: String(context.epoch),
        script: sha256(node.script),
        outputs: node.outputs.join(" "),
        ...(context.incremental && node.kind === "build" && { incremental: "yes" }),
        ...(node.signing && { "signing key": node.signing.sha256 }),
        ...prefixed("environment ", node.environment),
        ...Object.fromEntries(
          Object.entries(node.texts).map(([name, text]) => [`text ${name}`, sha256(text)]),
        ),
        ...Object.fromEntries(
          node.files.map((file) => [`file ${file.path}`, `${file.sha256}${file.executable ? " x" : ""}`]),
        ),
        ...Object.fromEntries(node.inputs.map((input) => [`input ${input.at}`, context.outputDigest(input)])),
      };
  }
}

/** Hexadecimal SHA-256 over the canonical JSON of a signature. */
export function fingerprintOf(signature: Signature): string {
  return sha256(canonicalJson(signature));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
