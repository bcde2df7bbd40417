import { PackageURL } from "packageurl-js";

/** A package URL (ECMA-427), taken apart. */
export interface Purl {
  readonly type: string;
  readonly namespace?: string;
  readonly name: string;
  readonly version?: string;
  readonly qualifiers: ReadonlyMap<string, string>;
}

/** Undefined for a text that is none. */
export function parsePurl(text: string): Purl | undefined {
  try {
    const { type, namespace, name, version, qualifiers } = PackageURL.fromString(text);
    return {
      type,
      ...(namespace === undefined || namespace === "" ? {} : { namespace }),
      name,
      ...(version === undefined || version === "" ? {} : { version }),
      qualifiers: new Map(Object.entries(qualifiers ?? {})),
    };
  } catch {
    // The library throws for what is no package URL.
    return undefined;
  }
}

/**
 * Whether a package URL written to name something (in a VEX statement) names this one: a version or qualifier
 * that it leaves out matches any.
 */
export function namesPackage(pattern: Purl, purl: Purl): boolean {
  return (
    pattern.type === purl.type &&
    (pattern.namespace ?? "") === (purl.namespace ?? "") &&
    pattern.name === purl.name &&
    (pattern.version === undefined || pattern.version === purl.version) &&
    [...pattern.qualifiers].every(([key, value]) => purl.qualifiers.get(key) === value)
  );
}
