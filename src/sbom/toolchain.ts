import { ComponentScope, ComponentType, HashAlgorithm } from "@cyclonedx/cyclonedx-library/Enums";
import { Component, HashDictionary, Property } from "@cyclonedx/cyclonedx-library/Models";
import type { LockedPackage } from "../lock/lock.ts";
import { debianPurl } from "../release/purl.ts";
import { reference } from "./references.ts";
import type { SbomInput } from "./sbom-input.ts";

/** The packages of one root, and what was built in it. */
export interface Toolchain {
  readonly root: string;
  readonly packages: readonly Component[];
  /** bom-refs of the components and artifacts whose steps ran there. */
  readonly made: readonly string[];
}

/** The roots in which steps ran. Their packages are no part of the images: they are the build's. */
export function toolchainsOf({ plan, lock, manifest }: SbomInput): Toolchain[] {
  const components = new Set(manifest.components.map(({ name }) => name));
  const roots = [...new Set(plan.nodes.map(({ root }) => root))].sort();
  return roots.map((root) => {
    const nodes = plan.nodes.filter((node) => node.root === root);
    const images = plan.artifacts.filter(({ node }) =>
      nodes.some(({ id, component }) => id === node && !components.has(component)),
    );
    const made = nodes
      .filter(({ component }) => components.has(component))
      .map(({ component }) => reference.component(component));
    return {
      root,
      packages: (lock.roots[root]?.packages ?? []).map((one) => packageComponent(root, one)),
      made: [...new Set([...made, ...images.map(({ path }) => reference.artifact(path))])].sort(),
    };
  });
}

function packageComponent(root: string, locked: LockedPackage): Component {
  const component = new Component(ComponentType.Application, locked.name, {
    bomRef: reference.package(root, locked.name, locked.architecture),
    version: locked.version,
    scope: ComponentScope.Excluded,
    purl: debianPurl(locked),
    hashes: new HashDictionary([[HashAlgorithm["SHA-256"], locked.sha256]]),
  });
  component.properties.add(new Property("nvlab:debian:source", locked.source));
  component.properties.add(new Property("nvlab:debian:source-version", locked.sourceVersion));
  return component;
}
