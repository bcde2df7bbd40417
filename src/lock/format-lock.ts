import type { Lock, LockedPackage, LockedRoot, LockedSource } from "./lock.ts";

type Fields = Readonly<Record<string, unknown>>;

function ordered(fields: Fields, order: readonly string[]): [string, unknown][] {
  const rest = Object.keys(fields)
    .filter((key) => !order.includes(key))
    .sort();
  return [...order, ...rest].flatMap((key): [string, unknown][] => {
    const value = fields[key];
    return value === undefined ? [] : [[key, value]];
  });
}

function onOneLine(fields: Fields, order: readonly string[]): string {
  const pairs = ordered(fields, order).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{ ${pairs.join(", ")} }`;
}

function block(entries: readonly [string, string][], indent: string): string {
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, value]) => `${indent}  ${JSON.stringify(key)}: ${value}`);
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

function byKey<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

const sourceOrder = [
  ...[
    "type",
    "version",
    "recipe",
    "variant",
    "file",
    "size",
    "sha256",
    "pool",
    "suite",
    "archiveTime",
    "urls",
  ],
  ...["url", "commit", "tree"],
];
const packageOrder = [
  "name",
  "version",
  "architecture",
  "suite",
  "source",
  "sourceVersion",
  "builtUsing",
  "pool",
];

function source(entry: LockedSource): string {
  const pairs = ordered({ ...entry }, sourceOrder).map(([key, value]): [string, string] => [
    key,
    JSON.stringify(value),
  ]);
  return block(pairs, "    ");
}

function root(entry: LockedRoot): string {
  const name = ({ name, architecture }: LockedPackage): string => `${name}:${architecture}`;
  const packages = [...entry.packages]
    .sort((a, b) => (name(a) < name(b) ? -1 : 1))
    .map((each) => `        ${onOneLine({ ...each }, packageOrder)}`);
  return block(
    [
      ["recipe", JSON.stringify(entry.recipe)],
      ["archiveTime", JSON.stringify(entry.archiveTime)],
      ["packages", `[\n${packages.join(",\n")}\n      ]`],
    ],
    "    ",
  );
}

/** The text of a lock: the same order whatever made it, a package a line, so that a diff shows what changed. */
export function formatLock(lock: Lock): string {
  const sources = byKey(lock.sources).map(([key, entry]): [string, string] => [key, source(entry)]);
  const roots = byKey(lock.roots).map(([key, entry]): [string, string] => [key, root(entry)]);
  const text = block(
    [
      ["lockVersion", JSON.stringify(lock.lockVersion)],
      ["epoch", JSON.stringify(lock.epoch)],
      ["sources", block(sources, "  ")],
      ["roots", block(roots, "  ")],
    ],
    "",
  );
  return `${text}\n`;
}
