import type { Lock, LockedRoot, LockedSource } from "./lock.ts";

/** A row of the table that `nvlab lock` shows. Without `from` it is new, without `to` it is gone. */
export interface LockChange {
  readonly kind: "epoch" | "source" | "package";
  /** A source's key, or root/package. */
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
}

function describe(entry: LockedSource): string {
  const bytes = entry.type === "archive" ? entry.sha256 : entry.commit;
  return `${entry.version} (${bytes.slice(0, 12)})`;
}

function row(kind: LockChange["kind"], name: string, from?: string, to?: string): LockChange[] {
  if (from === to) return [];
  return [{ kind, name, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
}

function versions(root: LockedRoot | undefined): Map<string, { version: string; sha256: string }> {
  return new Map((root?.packages ?? []).map(({ name, version, sha256 }) => [name, { version, sha256 }]));
}

function packageRows(
  root: string,
  before: LockedRoot | undefined,
  after: LockedRoot | undefined,
): LockChange[] {
  const [old, now] = [versions(before), versions(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name) => {
    const [from, to] = [old.get(name), now.get(name)];
    if (from?.version === to?.version && from?.sha256 !== to?.sha256) {
      const short = (entry = { version: "", sha256: "" }): string =>
        `${entry.version} (${entry.sha256.slice(0, 12)})`;
      return row("package", `${root}/${name}`, short(from), short(to));
    }
    return row("package", `${root}/${name}`, from?.version, to?.version);
  });
}

/** What differs between two locks, in the order in which a table shows it. */
export function lockChanges(before: Lock | undefined, after: Lock): LockChange[] {
  const keys = (key: "sources" | "roots"): string[] =>
    [...new Set([...Object.keys(before?.[key] ?? {}), ...Object.keys(after[key])])].sort();
  const source = (entry: LockedSource | undefined): string | undefined =>
    entry === undefined ? undefined : describe(entry);
  return [
    ...row("epoch", "epoch", before?.epoch.toString(), after.epoch.toString()),
    ...keys("sources").flatMap((key) =>
      row("source", key, source(before?.sources[key]), source(after.sources[key])),
    ),
    ...keys("roots").flatMap((name) => packageRows(name, before?.roots[name], after.roots[name])),
  ];
}
