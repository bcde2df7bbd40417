import { ComponentType, ExternalReferenceType } from "@cyclonedx/cyclonedx-library/Enums";
import {
  Component,
  ExternalReference,
  LicenseExpression,
  Property,
} from "@cyclonedx/cyclonedx-library/Models";
import { isCPE } from "@cyclonedx/cyclonedx-library/Types";
import type { ManifestComponent, ManifestSource } from "../release/manifest.ts";
import { digestsOf } from "./digests.ts";
import { reference } from "./references.ts";
import type { SbomInput } from "./sbom-input.ts";

/** A component that a recipe makes. What was compiled of its source tree are components of type "file" in it. */
export function builtComponent(entry: ManifestComponent, input: SbomInput): Component {
  const component = new Component(componentType(entry.name, input), entry.name, {
    bomRef: reference.component(entry.name),
    version: entry.version,
  });
  const { summary = "", homepage } = input.described.get(entry.name) ?? {};
  if (summary !== "") component.description = summary;
  component.licenses.add(new LicenseExpression(entry.license));
  if (entry.purl !== undefined) component.purl = entry.purl;
  if (isCPE(entry.cpe)) component.cpe = entry.cpe;
  if (homepage !== undefined)
    component.externalReferences.add(new ExternalReference(homepage, ExternalReferenceType.Website));
  for (const source of entry.sources)
    for (const place of placesOf(source)) component.externalReferences.add(place);
  for (const [name, value] of propertiesOf(entry)) component.properties.add(new Property(name, value));
  for (const path of input.compiled.get(entry.name) ?? [])
    component.components.add(new Component(ComponentType.File, path));
  return component;
}

function componentType(name: string, { manifest, plan }: SbomInput): ComponentType {
  const kinds = new Set(
    manifest.artifacts.filter(({ component }) => component === name).map(({ kind }) => kind),
  );
  if (kinds.has("kernel")) return ComponentType.OperatingSystem;
  if (kinds.has("firmware") || kinds.has("bootloader")) return ComponentType.Firmware;
  const module = plan.nodes.some((node) => node.component === name && "modules" in node);
  return module ? ComponentType.DeviceDriver : ComponentType.Application;
}

/** Where the source can be had, with its digest. A place below any Debian mirror is a path without a host. */
function placesOf(source: ManifestSource): ExternalReference[] {
  switch (source.type) {
    case "archive":
      return source.places.map(
        (place) =>
          new ExternalReference(place, ExternalReferenceType.SourceDistribution, {
            hashes: digestsOf(source.integrity),
            comment: place.includes("://") ? source.name : `${source.name}, below any Debian mirror`,
          }),
      );
    case "git":
      return [
        new ExternalReference(source.url, ExternalReferenceType.VCS, {
          comment: `${source.name} at commit ${source.commit}`,
        }),
      ];
    case "local":
      return [];
  }
}

function propertiesOf(entry: ManifestComponent): [string, string][] {
  return [
    ...Object.entries(entry.parameters)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]): [string, string] => [`nvlab:parameter:${name}`, String(value)]),
    ...entry.sources.map(({ name, integrity }): [string, string] => [`nvlab:source:${name}`, integrity]),
    ...(entry.config === undefined ? [] : [["nvlab:config", entry.config] satisfies [string, string]]),
    ...entry.overlay.map(({ path, integrity }): [string, string] => [
      "nvlab:overlay",
      `${path} ${integrity}`,
    ]),
  ];
}
