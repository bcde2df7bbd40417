import type { DataPath } from "../../recipe/located.ts";

/** What cannot be in a contract although its schema accepts it, and where. */
export interface ContractFault {
  readonly path: DataPath;
  readonly message: string;
}

/** A fault for each item whose key an earlier one has. */
export function repeated<T>(
  items: readonly T[],
  keyOf: (item: T) => string | number,
  faultOf: (item: T, index: number, earlier: T) => ContractFault,
): ContractFault[] {
  const seen = new Map<string | number, T>();
  return items.flatMap((item, index) => {
    const earlier = seen.get(keyOf(item));
    if (earlier !== undefined) return [faultOf(item, index, earlier)];
    seen.set(keyOf(item), item);
    return [];
  });
}
