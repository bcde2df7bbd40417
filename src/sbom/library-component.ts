import { ComponentType } from "@cyclonedx/cyclonedx-library/Enums";
import { Component, LicenseExpression, Property } from "@cyclonedx/cyclonedx-library/Models";
import type { LinkedLibrary } from "./linked-library.ts";
import { libraryPurl } from "./linked-library.ts";

/** A library whose code is in programs of the image, as the Debian source package that it was compiled from. */
export function libraryComponent(library: LinkedLibrary): Component {
  const purl = libraryPurl(library);
  const component = new Component(ComponentType.Library, library.name, {
    bomRef: purl,
    version: library.version,
    description: "Linked statically into programs of this release.",
    purl,
    cpe: library.cpe,
  });
  component.licenses.add(new LicenseExpression(library.license));
  for (const { name, version, architecture } of library.packages)
    component.properties.add(new Property("nvlab:linked-from", `${name} ${version} ${architecture}`));
  return component;
}

/** One for each source package and version, however many components and binary packages it came into. */
export function mergeLibraries(libraries: Iterable<LinkedLibrary>): LinkedLibrary[] {
  const merged = new Map<string, LinkedLibrary>();
  for (const library of libraries) {
    const key = libraryPurl(library);
    const before = merged.get(key)?.packages ?? [];
    const more = library.packages.filter(({ sha256 }) => !before.some((known) => known.sha256 === sha256));
    merged.set(key, {
      ...library,
      packages: [...before, ...more].sort((a, b) => (a.pool < b.pool ? -1 : 1)),
    });
  }
  return [...merged.keys()].sort().flatMap((key) => merged.get(key) ?? []);
}
