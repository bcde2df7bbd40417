import type {
  ChangeFacts,
  ComponentFacts,
  ContractFacts,
  PackageFacts,
  ReleaseFacts,
  SourceFacts,
} from "./facts.ts";
import { sha256Integrity } from "./integrity.ts";
import type {
  Manifest,
  ManifestArtifact,
  ManifestComponent,
  ManifestDocument,
  ManifestSource,
} from "./manifest.ts";
import { manifestVersion } from "./manifest.ts";
import { debianPurl, sourcePurl } from "./purl.ts";

/**
 * The manifest of a release; the same facts, artifacts and documents, in whatever order, give the same value.
 * An out folder has no documents: without them the member is left out.
 */
export function composeManifest(
  facts: ReleaseFacts,
  artifacts: readonly ManifestArtifact[],
  documents: readonly ManifestDocument[] = [],
): Manifest {
  const configs = new Map(
    artifacts
      .filter(({ kind }) => kind === "config")
      .map(({ component, integrity }) => [component, integrity]),
  );
  return {
    schemaVersion: manifestVersion,
    project: { ...facts.project },
    releaseVersion: facts.releaseVersion,
    target: facts.target,
    epoch: facts.epoch,
    lock: sha256Integrity(facts.lock),
    toolchain: {
      root: sha256Integrity(facts.toolchain.root),
      packages: facts.toolchain.packages,
      compiler: toolchainPackage(facts.toolchain.compiler),
      binutils: toolchainPackage(facts.toolchain.binutils),
    },
    ...(facts.contract && { contract: composeContract(facts.contract) }),
    ...(facts.signing && {
      signing: byText(facts.signing, ({ image }) => image).map(
        ({ image, algorithm, sha256, development }) => ({
          ...{ image, algorithm, key: sha256Integrity(sha256), development },
        }),
      ),
    }),
    incremental: facts.incremental,
    components: byText(facts.components, ({ name }) => name).map((component) =>
      composeComponent(component, configs.get(component.name)),
    ),
    artifacts: byText(artifacts, ({ path }) => path).map((artifact) => ({ ...artifact })),
    ...(documents.length > 0 && {
      documents: byText(documents, ({ path }) => path).map((document) => ({ ...document })),
    }),
  };
}

function composeContract({ name, version, sha256 }: ContractFacts): NonNullable<Manifest["contract"]> {
  return { name, version, integrity: sha256Integrity(sha256) };
}

function composeComponent(facts: ComponentFacts, config: string | undefined): ManifestComponent {
  const main = facts.sources.find(({ name }) => name === "main") ?? facts.sources[0];
  const purl = main === undefined ? undefined : sourcePurl(facts.name, facts.version, main);
  return {
    name: facts.name,
    version: facts.version,
    license: facts.license,
    ...(facts.cpe === undefined ? {} : { cpe: facts.cpe }),
    ...(purl === undefined ? {} : { purl }),
    parameters: { ...facts.parameters },
    sources: byText(facts.sources, ({ name }) => name).map(composeSource),
    patches: facts.patches.map(composeChange),
    overlay: byText(facts.overlay, ({ path }) => path).map(composeChange),
    ...(config === undefined ? {} : { config }),
  };
}

function composeSource(facts: SourceFacts): ManifestSource {
  const integrity = sha256Integrity(facts.sha256);
  switch (facts.type) {
    case "archive":
      return {
        type: "archive",
        name: facts.name,
        variant: facts.variant,
        file: facts.file,
        integrity,
        places: [...facts.places],
      };
    case "git":
      return { type: "git", name: facts.name, url: facts.url, commit: facts.commit, integrity };
    case "local":
      return { type: "local", name: facts.name, integrity };
  }
}

function composeChange({ path, sha256 }: ChangeFacts): { path: string; integrity: string } {
  return { path, integrity: sha256Integrity(sha256) };
}

function toolchainPackage(facts: PackageFacts): { name: string; version: string; purl: string } {
  return { name: facts.name, version: facts.version, purl: debianPurl(facts) };
}

/** Sorted by UTF-16 code units: no locale has a say. */
function byText<T>(items: readonly T[], text: (item: T) => string): T[] {
  return [...items].sort((a, b) => {
    const [left, right] = [text(a), text(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}
