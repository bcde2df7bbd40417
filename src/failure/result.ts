import type { Failure } from "./failure.ts";

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

/** One or more failures: a check reports every fault it finds, not only the first. */
export interface Failed {
  readonly ok: false;
  readonly failures: readonly Failure[];
}

export type Result<T> = Ok<T> | Failed;

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

export function failed(...failures: readonly Failure[]): Failed {
  return { ok: false, failures };
}

/** All values, or every failure of every result. */
export function all<T>(results: readonly Result<T>[]): Result<T[]> {
  const values: T[] = [];
  const failures: Failure[] = [];
  for (const result of results) {
    if (result.ok) values.push(result.value);
    else failures.push(...result.failures);
  }
  return failures.length > 0 ? failed(...failures) : ok(values);
}
