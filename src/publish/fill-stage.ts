import { composeProvenance } from "../attest/provenance.ts";
import { renderStatement } from "../attest/statement.ts";
import type { BuiltTarget } from "../build/build-target.ts";
import { ok, type Result } from "../failure/result.ts";
import { formatLock } from "../lock/format-lock.ts";
import { lockName, provenanceName, sbomName } from "../release/document-names.ts";
import type { ReleaseFacts } from "../release/facts.ts";
import { composeSbom } from "../sbom/compose.ts";
import { mergeLibraries } from "../sbom/library-component.ts";
import { describeBuild } from "./describe-build.ts";
import { licenceDocuments } from "./licence-documents.ts";
import { Stage } from "./stage.ts";

export interface StageRequest {
  readonly built: BuiltTarget;
  readonly facts: ReleaseFacts;
  /** Absolute path of an empty or absent folder. */
  readonly folder: string;
  /** Version of nvlab, and the URI of who runs the build. */
  readonly version: string;
  readonly builder: string;
  /** Host folder of an unpacked root by its name. */
  readonly rootTree: (root: string) => string;
  readonly signal: AbortSignal;
}

export interface FilledStage {
  /** Text of manifest.json. */
  readonly manifest: string;
  readonly artifacts: number;
  readonly documents: number;
  /** Components from outside in whose sources no licence text was found. */
  readonly withoutLicence: readonly string[];
}

/** Puts everything but the signatures into a folder. Throws system errors. */
export async function fillStage(request: StageRequest): Promise<Result<FilledStage>> {
  const { built, facts, folder, version, builder } = request;
  const { project, lock, planned } = built.now;
  const artifacts = built.artifacts();
  if (!artifacts.ok) return artifacts;
  const described = describeBuild(built, request.rootTree);
  if (!described.ok) return described;
  const stage = new Stage(folder, facts);
  const placed = await stage.placeArtifacts(artifacts.value, request.signal);
  if (!placed.ok) return placed;
  const { manifest } = stage;
  const root = planned.checked.target.value.root;
  const licences = licenceDocuments({
    components: manifest.components,
    trees: sourceTrees(built),
    libraries: mergeLibraries([...described.value.linked.values()].flat()),
    roots: [...new Set(planned.plan.nodes.map((node) => node.root))].map(request.rootTree),
    projects: new Map(
      project.layers.directories.map((directory) => [
        directory === project.directory ? manifest.project.name : "nvlab",
        directory,
      ]),
    ),
  });
  if (!licences.ok) return licences;
  const sbom = composeSbom({ ...described.value, version, manifest, plan: planned.plan, lock });
  for (const [path, content] of licences.value.files) await stage.write({ path, kind: "licence", content });
  await stage.write({ path: lockName, kind: "lock", content: formatLock(lock) });
  const document = await stage.write({ path: sbomName, kind: "sbom", content: sbom });
  const provenance = composeProvenance({ builder, version, manifest, lock, root, documents: [document] });
  await stage.write({ path: provenanceName, kind: "provenance", content: renderStatement(provenance) });
  return ok({
    manifest: await stage.seal(),
    artifacts: manifest.artifacts.length,
    documents: stage.documents.length,
    withoutLicence: licences.value.without,
  });
}

/** The pristine trees of each component, and trees that lie in the project itself. */
function sourceTrees({ now, nodes }: BuiltTarget): Map<string, string[]> {
  const places = new Map(nodes.map(({ node, path }) => [node, path]));
  const trees = new Map<string, string[]>();
  for (const node of now.planned.plan.nodes) {
    const isTree = node.kind === "source" || (node.kind === "patched" && node.source === undefined);
    const place = places.get(node.id);
    if (isTree && place !== undefined)
      trees.set(node.component, [...(trees.get(node.component) ?? []), place]);
  }
  return trees;
}
