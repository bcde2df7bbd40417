import type { Purl } from "./purl.ts";

/** A component of an SBOM, as far as a scan has to know it. */
export interface InventoryComponent {
  /** bom-ref, or a name made for one that has none: unique within the SBOM. */
  readonly ref: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: Purl;
  /** The package URL as it was written. */
  readonly purlText?: string;
  /** Names under which advisories may know it: see package-key.ts. */
  readonly keys: readonly string[];
  /** The version that upstream's records speak of: a Debian package's without epoch and revision. */
  readonly upstreamVersion?: string;
  /** The version that Debian's records speak of: that of the source package. */
  readonly debianVersion?: string;
  /** What is in the images, or what was only used to build them. */
  readonly role: "image" | "build";
  /** Source files that were compiled, from the top of the source tree; undefined where the SBOM does not say. */
  readonly compiled?: ReadonlySet<string>;
  /** Vulnerabilities that a patch in its pedigree resolves, and that patch. */
  readonly patched: ReadonlyMap<string, string>;
}

export interface Inventory {
  /** What the SBOM is about. */
  readonly product: {
    readonly ref?: string;
    readonly name: string;
    readonly version?: string;
    readonly purl?: Purl;
  };
  readonly components: readonly InventoryComponent[];
}
