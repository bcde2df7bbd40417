/** Names on a cycle, in order, the first one repeated at the end; or the order in which all can be done. */
export type Order = { readonly order: readonly string[] } | { readonly cycle: readonly string[] };

/**
 * Depth-first topological order: what is needed comes first. Starting points and needs are visited in the
 * order given, so the same graph gives the same order.
 */
export function topologicalOrder(
  roots: readonly string[],
  needsOf: (name: string) => readonly string[],
): Order {
  const done = new Set<string>();
  const order: string[] = [];
  const path: string[] = [];
  const onPath = new Set<string>();
  const visit = (name: string): readonly string[] | undefined => {
    if (done.has(name)) return undefined;
    if (onPath.has(name)) return [...path.slice(path.indexOf(name)), name];
    path.push(name);
    onPath.add(name);
    for (const need of needsOf(name)) {
      const cycle = visit(need);
      if (cycle) return cycle;
    }
    path.pop();
    onPath.delete(name);
    done.add(name);
    order.push(name);
    return undefined;
  };
  for (const root of roots) {
    const cycle = visit(root);
    if (cycle) return { cycle };
  }
  return { order };
}
