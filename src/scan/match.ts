import { type Advisory, type AffectedPackage, judge, type Verdict } from "./advisory.ts";
import { wasLeftOut } from "./built.ts";
import type { Inventory, InventoryComponent } from "./inventory.ts";
import { type Severity, worse } from "./severity.ts";

/** An advisory that concerns a component, or may. */
export interface Match {
  readonly component: InventoryComponent;
  readonly id: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly url?: string;
  readonly severity: Severity;
  readonly status: "affected" | "undecided";
  /** The first version that is not affected any more. */
  readonly fixed?: string;
  /** Files that hold the fault, as far as the record says. */
  readonly files: readonly string[];
  /** True where none of these files was compiled. */
  readonly leftOut: boolean;
}

/** Components by the names under which advisories may know them. */
export type ComponentIndex = ReadonlyMap<string, readonly InventoryComponent[]>;

export function indexComponents({ components }: Inventory): ComponentIndex {
  const index = new Map<string, InventoryComponent[]>();
  for (const component of components)
    for (const key of component.keys) index.set(key, [...(index.get(key) ?? []), component]);
  return index;
}

/** The components that an advisory concerns. Where its entries disagree, the one that knows more decides. */
export function matchAdvisory(advisory: Advisory, index: ComponentIndex): Match[] {
  const concerned = new Map<InventoryComponent, AffectedPackage[]>();
  for (const affected of advisory.affected) {
    const components = new Set(affected.keys.flatMap((key) => index.get(key) ?? []));
    for (const component of components)
      concerned.set(component, [...(concerned.get(component) ?? []), affected]);
  }
  return [...concerned].flatMap(([component, entries]) => {
    const verdict = decide(entries, component);
    if (verdict.status === "unaffected") return [];
    const files = [...new Set(entries.flatMap((affected) => affected.files))];
    const severity = entries.map((affected) => affected.severity).filter((known) => known !== undefined);
    return [
      {
        component,
        id: advisory.id,
        aliases: advisory.aliases,
        summary: advisory.summary,
        ...(advisory.url === undefined ? {} : { url: advisory.url }),
        severity: severity.reduce(worse, advisory.severity),
        status: verdict.status,
        ...(verdict.fixed === undefined ? {} : { fixed: verdict.fixed }),
        files,
        leftOut: wasLeftOut(files, component.compiled) === true,
      },
    ];
  });
}

/** Affected before unaffected before undecided: no entry that knows is overruled by one that does not. */
function decide(entries: readonly AffectedPackage[], component: InventoryComponent): Verdict {
  const strongest = (asked: readonly AffectedPackage[]): Verdict | undefined => {
    const { version, upstreamVersion = version, debianVersion } = component;
    const verdicts = asked.map((affected) =>
      judge(affected, affected.order === "debian" ? debianVersion : upstreamVersion),
    );
    const of = (status: Verdict["status"]): Verdict | undefined =>
      verdicts.find((verdict) => verdict.status === status);
    return of("affected") ?? of("unaffected");
  };
  return (
    strongest(entries.filter(({ rough }) => rough !== true)) ??
    strongest(entries.filter(({ rough }) => rough === true)) ?? { status: "undecided" }
  );
}
