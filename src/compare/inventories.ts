import type { Finding } from "../scan/finding.ts";
import type { Inventory, InventoryComponent } from "../scan/inventory.ts";
import { changesOf, namesOf } from "./changes.ts";
import type { Change, VulnerabilityChange } from "./comparison.ts";

/** What came, went or has another version between two SBOMs. */
export function compareInventories(before: Inventory, after: Inventory): Change[] {
  return changesOf(versions(before), versions(after));
}

function versions({ components }: Inventory): Map<string, string> {
  const found = new Map<string, string[]>();
  for (const component of components) {
    const name = nameOf(component);
    found.set(name, [...(found.get(name) ?? []), component.version ?? "(no version)"]);
  }
  return new Map([...found].map(([name, all]) => [name, all.sort().join(", ")]));
}

/** The package without its version: what stays the same while it is updated. */
function nameOf({ name, purl, role }: Pick<InventoryComponent, "name" | "purl" | "role">): string {
  const kind = role === "build" ? " (build)" : "";
  return purl?.type === "deb" ? `Debian ${purl.name}${kind}` : `${name}${kind}`;
}

/** Known vulnerabilities that only one side has, or has in another state. */
export function compareFindings(
  before: readonly Finding[],
  after: readonly Finding[],
): VulnerabilityChange[] {
  const [left, right] = [byName(before), byName(after)];
  return namesOf(left, right).flatMap((key) => {
    const [old, now] = [left.get(key), right.get(key)];
    const known = now ?? old;
    if (known === undefined || old?.state === now?.state) return [];
    return [
      {
        id: known.id,
        component: known.component.name,
        severity: known.severity.level,
        summary: known.summary,
        before: old?.state,
        after: now?.state,
      },
    ];
  });
}

function byName(findings: readonly Finding[]): Map<string, Finding> {
  return new Map(findings.map((finding) => [`${finding.id} ${finding.component.name}`, finding]));
}
