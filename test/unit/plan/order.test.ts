import fc from "fast-check";
import { expect, test } from "vitest";
import { topologicalOrder } from "../../../src/plan/order.ts";

/** A graph in which a name only needs names of lower number, so that it has no cycle. */
const acyclic = fc
  .integer({ min: 1, max: 30 })
  .chain((count) =>
    fc.tuple(
      ...Array.from({ length: count }, (_, index) => fc.subarray([...Array(index).keys()].map(String))),
    ),
  );

test("what is needed comes first, and everything comes once", () => {
  fc.assert(
    fc.property(acyclic, (needs) => {
      const names = needs.map((_, index) => String(index)).reverse();
      const sorted = topologicalOrder(names, (name) => needs[Number(name)] ?? []);
      if (!("order" in sorted)) throw new Error("found a cycle where there is none");
      expect([...sorted.order].sort()).toEqual([...names].sort());
      for (const [index, name] of sorted.order.entries()) {
        for (const need of needs[Number(name)] ?? []) expect(sorted.order.indexOf(need)).toBeLessThan(index);
      }
    }),
  );
});

test("a cycle is named from its start to its start", () => {
  const needs: Record<string, string[]> = { a: ["b"], b: ["c"], c: ["d"], d: ["b"] };
  expect(topologicalOrder(["a"], (name) => needs[name] ?? [])).toEqual({ cycle: ["b", "c", "d", "b"] });
});
