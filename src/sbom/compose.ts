import { ComponentType, LifecyclePhase } from "@cyclonedx/cyclonedx-library/Enums";
import { Bom, Component, Metadata, Property } from "@cyclonedx/cyclonedx-library/Models";
import { JSON as Json } from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import { derivedUuid } from "../image/derived-uuid.ts";
import { builtComponent } from "./built-component.ts";
import { dependenciesOf } from "./dependencies.ts";
import { digestsOf } from "./digests.ts";
import { libraryComponent, mergeLibraries } from "./library-component.ts";
import { pedigreeOf } from "./pedigree.ts";
import { reference } from "./references.ts";
import type { SbomInput } from "./sbom-input.ts";
import { toolchainsOf, type Toolchain } from "./toolchain.ts";

/**
 * The SBOM of a release: CycloneDX 1.6 as JSON (ECMA-424), with a line feed at the end. It holds nothing that two
 * builds of the same inputs do not share: the time is the build's epoch, the serial number is derived from the rest.
 *
 * Lists keep the order in which they are put together here, by code units. The library would sort them by the
 * conventions of a locale, and would give random references to what has none.
 */
export function composeSbom(input: SbomInput): string {
  const { manifest } = input;
  const bom = new Bom({ metadata: metadataOf(input) });
  for (const entry of manifest.components) bom.components.add(builtComponent(entry, input));
  for (const library of mergeLibraries([...input.linked.values()].flat()))
    bom.components.add(libraryComponent(library));
  for (const { path, integrity } of manifest.artifacts) {
    bom.components.add(
      new Component(ComponentType.File, path, {
        bomRef: reference.artifact(path),
        hashes: digestsOf(integrity),
      }),
    );
  }
  connect(bom, dependenciesOf(input));
  const factory = new Json.Normalize.Factory(Spec1dot6);
  const normalized = factory.makeForBom().normalize(bom, {});
  const entries = new Map(manifest.components.map((entry) => [reference.component(entry.name), entry]));
  const document = {
    ...normalized,
    components: (normalized.components ?? []).map((component) => {
      const entry = entries.get(component["bom-ref"] ?? "");
      const pedigree = entry && pedigreeOf(entry, component.type, input);
      return pedigree === undefined ? component : { ...component, pedigree };
    }),
    formulation: toolchainsOf(input).map((toolchain) => formula(toolchain, factory)),
  };
  const serialNumber = `urn:uuid:${derivedUuid(`sbom\n${JSON.stringify(document)}`)}`;
  return `${JSON.stringify({ ...document, serialNumber }, null, 2)}\n`;
}

function metadataOf({ manifest, version }: SbomInput): Metadata {
  const { project, target, releaseVersion } = manifest;
  const metadata = new Metadata({
    timestamp: new Date(manifest.epoch * 1000),
    component: new Component(ComponentType.Firmware, target, {
      bomRef: reference.release,
      group: project.name,
      version: releaseVersion,
    }),
  });
  metadata.lifecycles.add(LifecyclePhase.Build);
  metadata.tools.components.add(new Component(ComponentType.Application, "nvlab", { version }));
  const properties = {
    "nvlab:commit": project.commit ?? "none",
    "nvlab:lock": manifest.lock,
    "nvlab:root": manifest.toolchain.root,
  };
  for (const [name, value] of Object.entries(properties)) metadata.properties.add(new Property(name, value));
  return metadata;
}

function connect(bom: Bom, dependencies: ReadonlyMap<string, readonly string[]>): void {
  const all = [bom.metadata.component, ...bom.components].filter((one) => one !== undefined);
  const refs = new Map(all.map(({ bomRef }) => [bomRef.value, bomRef]));
  for (const component of all) {
    for (const need of dependencies.get(component.bomRef.value ?? "") ?? []) {
      const ref = refs.get(need);
      if (ref !== undefined) component.dependencies.add(ref);
    }
  }
}

/**
 * An entry of "formulation" (CycloneDX 1.6: how something was made), which the library does not know. The toolchain is
 * here and not among the components, so that a scanner does not take a compiler for a part of the image.
 */
function formula(
  { root, packages, made }: Toolchain,
  factory: InstanceType<typeof Json.Normalize.Factory>,
): object {
  const normalizer = factory.makeForComponent();
  const uid = `root:${root}`;
  return {
    "bom-ref": uid,
    components: packages.map((component) => normalizer.normalize(component, {})),
    workflows: [
      {
        "bom-ref": `build:${root}`,
        uid: `build:${root}`,
        name: `steps in the root ${root}`,
        taskTypes: ["build"],
        resourceReferences: packages.map(({ bomRef }) => ({ ref: bomRef.value })),
        outputs: made.map((ref) => ({ type: "artifact", resource: { ref } })),
      },
    ],
  };
}
