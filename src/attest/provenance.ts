import type { Lock } from "../lock/lock.ts";
import { hexOfIntegrity } from "../release/integrity.ts";
import type { Manifest, ManifestComponent, ManifestSource } from "../release/manifest.ts";
import { debianPurl } from "../release/purl.ts";
import { statementType, type ResourceDescriptor, type Statement } from "./statement.ts";
import { subjectsOf } from "./subjects.ts";

export const provenanceType = "https://slsa.dev/provenance/v1";

/** What externalParameters and resolvedDependencies mean: docs/signing.md, "What the provenance says". */
export const buildType = "pkg:generic/nvlab#build/v1";

/** The builder of a release that nobody named one for: some person's machine, which nobody vouches for. */
export const localBuilder = "pkg:generic/nvlab#builder/local";

export interface ProvenanceInput {
  /** URI of who runs the build, as a policy can ask for it. */
  readonly builder: string;
  /** Version of nvlab. */
  readonly version: string;
  /** The manifest without its documents, of which the provenance is one. */
  readonly manifest: Manifest;
  readonly lock: Lock;
  /** Name of the root in which the steps ran. */
  readonly root: string;
  /** Documents that are subjects beside the artifacts: the SBOM. */
  readonly documents: readonly { readonly path: string; readonly integrity: string }[];
}

/**
 * SLSA provenance v1 (slsa.dev/spec/v1.0/provenance) of a release. It holds nothing that two builds of the same inputs do
 * not share: no time, no host, no invocation.
 */
export function composeProvenance(input: ProvenanceInput): Statement {
  const { manifest, lock } = input;
  const { name, commit } = manifest.project;
  return {
    _type: statementType,
    subject: subjectsOf([...manifest.artifacts, ...input.documents]),
    predicateType: provenanceType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: {
          project: name,
          target: manifest.target,
          releaseVersion: manifest.releaseVersion,
          parameters: Object.fromEntries(
            manifest.components
              .filter(({ parameters }) => Object.keys(parameters).length > 0)
              .map((component) => [component.name, component.parameters]),
          ),
        },
        internalParameters: { epoch: manifest.epoch },
        resolvedDependencies: [
          ...(commit === null ? [] : [{ name, digest: { gitCommit: commit } }]),
          { name: "nvlab.lock", digest: { nvlabLock: hexOfIntegrity(manifest.lock, "sha256") } },
          ...manifest.components.flatMap((component) =>
            component.sources.map((source) => sourceDependency(component, source)),
          ),
          ...toolchain(lock, input.root),
        ],
      },
      runDetails: { builder: { id: input.builder, version: { nvlab: input.version } } },
    },
  };
}

function sourceDependency(component: ManifestComponent, source: ManifestSource): ResourceDescriptor {
  const name = `${component.name}/${source.name}`;
  const sha256 = hexOfIntegrity(source.integrity, "sha256");
  switch (source.type) {
    case "archive": {
      const url = source.places.find((place) => place.includes("://"));
      const uri = source.name === "main" ? (component.purl ?? url) : url;
      return {
        name,
        ...(uri !== undefined && { uri }),
        digest: { sha256 },
        annotations: { file: source.file, places: source.places },
      };
    }
    case "git":
      return {
        name,
        uri: `git+${source.url}@${source.commit}`,
        digest: { gitCommit: source.commit, nvlabTree: sha256 },
      };
    case "local":
      return { name, digest: { nvlabTree: sha256 } };
  }
}

function toolchain(lock: Lock, root: string): ResourceDescriptor[] {
  return (lock.roots[root]?.packages ?? []).map((locked) => ({
    name: `${root}/${locked.name}`,
    uri: debianPurl(locked),
    digest: { sha256: locked.sha256 },
    annotations: { pool: locked.pool },
  }));
}

/** The id of the builder that a provenance names; undefined where it names none. */
export function builderOf(statement: Statement): string | undefined {
  const id = member(member(member(statement.predicate, "runDetails"), "builder"), "id");
  return typeof id === "string" ? id : undefined;
}

/** Target and version that a provenance was made for. */
export function builtAs(statement: Statement): { target: unknown; releaseVersion: unknown } {
  const parameters = member(member(statement.predicate, "buildDefinition"), "externalParameters");
  return { target: member(parameters, "target"), releaseVersion: member(parameters, "releaseVersion") };
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
