import { parseCpe } from "./cpe.ts";
import type { CycloneDx, CycloneDxComponent } from "./cyclonedx.ts";
import type { Inventory, InventoryComponent } from "./inventory.ts";
import {
  debianKey,
  debianRelease,
  ecosystemKey,
  productKey,
  purlKey,
  repositoryKey,
  upstreamKey,
  withOtherNames,
} from "./package-key.ts";
import { parsePurl, type Purl } from "./purl.ts";

/** The ecosystem of OSV in which a package URL's type lives. */
const ecosystems: Readonly<Record<string, string>> = {
  cargo: "crates.io",
  gem: "RubyGems",
  golang: "Go",
  hex: "Hex",
  maven: "Maven",
  npm: "npm",
  nuget: "NuGet",
  pypi: "PyPI",
};

/** Types of package URLs whose name is that of an upstream project. */
const upstreamTypes = new Set(["generic", "github", "gitlab", "bitbucket"]);

type Role = InventoryComponent["role"];

/** What is in an SBOM, nested components too. A component of type "file" is a file of the one around it. */
export function takeInventory(bom: CycloneDx): Inventory {
  const components: InventoryComponent[] = [];
  const refs = new Set<string>();
  const add = (component: CycloneDxComponent, role: Role): void => {
    if (component.type === "file") return;
    const own = component.scope === "excluded" ? "build" : role;
    const wanted = component["bom-ref"] ?? component.purl ?? `${component.name}@${component.version ?? ""}`;
    let ref = wanted;
    for (let copy = 2; refs.has(ref); copy += 1) ref = `${wanted}#${copy}`;
    refs.add(ref);
    components.push(describe(component, ref, own));
    for (const inner of component.components ?? []) add(inner, own);
  };
  for (const component of bom.components ?? []) add(component, "image");
  for (const formula of bom.formulation ?? [])
    for (const component of formula.components ?? []) add(component, "build");
  const about = bom.metadata?.component;
  for (const inner of about?.components ?? []) add(inner, "image");
  const purl = about?.purl === undefined ? undefined : parsePurl(about.purl);
  return {
    product: {
      name: about?.name ?? "(unnamed)",
      ...(about?.["bom-ref"] === undefined ? {} : { ref: about["bom-ref"] }),
      ...(about?.version === undefined ? {} : { version: about.version }),
      ...(purl === undefined ? {} : { purl }),
    },
    components,
  };
}

function describe(component: CycloneDxComponent, ref: string, role: Role): InventoryComponent {
  const purl = component.purl === undefined ? undefined : parsePurl(component.purl);
  const cpe = component.cpe === undefined ? undefined : parseCpe(component.cpe);
  const version = firstText(component.version, cpe?.version, purl?.version);
  const debian = purl?.type === "deb" ? debianSource(component, purl, version) : undefined;
  const compiled = compiledFiles(component);
  const repositories = (component.externalReferences ?? [])
    .filter(({ type }) => type === "vcs")
    .map(({ url }) => repositoryKey(url));
  const keys = [
    ...(purl === undefined ? [] : purlKeys(purl)),
    ...(debian === undefined || purl === undefined ? [] : debianKeys(debian.name, purl)),
    ...(cpe === undefined ? [] : [productKey(cpe.vendor, cpe.product)]),
    // Built from somebody's own tree, it has no other name.
    ...(purl === undefined && cpe === undefined && component.type !== "library"
      ? [upstreamKey(component.name)]
      : []),
    ...repositories.filter((key) => key !== undefined),
  ];
  return {
    ref,
    name: component.name,
    ...(version === undefined ? {} : { version }),
    ...(purl === undefined ? {} : { purl }),
    ...(component.purl === undefined ? {} : { purlText: component.purl }),
    keys: withOtherNames(keys),
    ...(debian === undefined || version === undefined
      ? {}
      : { upstreamVersion: (cpe?.version ?? version).replace(/^\d+:/, "").replace(/-[^-]*$/, "") }),
    ...(debian?.version === undefined ? {} : { debianVersion: debian.version }),
    role,
    ...(compiled === undefined ? {} : { compiled }),
    patched: patchedBy(component),
  };
}

function purlKeys(purl: Purl): string[] {
  const { type, namespace, name, qualifiers } = purl;
  const ecosystem = ecosystems[type];
  const full = [namespace, name].filter((part) => part !== undefined).join(type === "maven" ? ":" : "/");
  const repository =
    type === "github"
      ? `https://github.com/${full}`
      : type === "gitlab"
        ? `https://gitlab.com/${full}`
        : qualifiers.get("vcs_url");
  const git = repository === undefined ? undefined : repositoryKey(repository);
  return [
    purlKey(type, namespace, name),
    ...(ecosystem === undefined ? [] : [ecosystemKey(ecosystem, full)]),
    ...(git === undefined ? [] : [git]),
    ...(upstreamTypes.has(type) ? [upstreamKey(name)] : []),
  ];
}

/**
 * Debian's records name source packages. Which one a binary package came from is said by the qualifier "upstream"
 * (as syft writes it: name, or name@version) or by a property.
 */
function debianSource(
  component: CycloneDxComponent,
  purl: Purl,
  version: string | undefined,
): { name: string; version: string | undefined } {
  const property = (pattern: RegExp): string | undefined =>
    component.properties?.find(({ name }) => name !== undefined && pattern.test(name))?.value;
  const [upstream, upstreamVersion] = (purl.qualifiers.get("upstream") ?? "").split("@");
  return {
    name: firstText(upstream, property(sourceName), purl.name) ?? purl.name,
    version: firstText(upstreamVersion, property(sourceVersion), purl.version, version),
  };
}

const sourceName = /^(?:nvlab:debian:source|syft:metadata:source|aquasecurity:trivy:SrcName)$/;
const sourceVersion =
  /^(?:nvlab:debian:source-version|syft:metadata:sourceVersion|aquasecurity:trivy:SrcVersion)$/;

function firstText(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined && text !== "");
}

function debianKeys(source: string, purl: Purl): string[] {
  const distro = purl.qualifiers.get("distro");
  const release = distro === undefined ? "?" : debianRelease(distro);
  return [debianKey(release, source), debianKey("*", source)];
}

/** Files of the source tree that were compiled, as a release names them: components of type "file" within it. */
function compiledFiles(component: CycloneDxComponent): ReadonlySet<string> | undefined {
  const files = (component.components ?? []).filter(({ type }) => type === "file").map(({ name }) => name);
  return files.length === 0 ? undefined : new Set(files);
}

function patchedBy(component: CycloneDxComponent): ReadonlyMap<string, string> {
  return new Map(
    (component.pedigree?.patches ?? []).flatMap(({ diff, resolves }) =>
      (resolves ?? [])
        .filter(({ type }) => type === "security")
        .flatMap(({ id }) => (id === undefined ? [] : [[id, diff?.url ?? "a patch"] as const])),
    ),
  );
}
