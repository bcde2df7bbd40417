/** "known targets: a, b": the hint of every name that was not found. */
export function known(what: string, names: Iterable<string>): string {
  const list = [...names].sort();
  return list.length === 0 ? `there are no ${what}` : `known ${what}: ${list.join(", ")}`;
}
