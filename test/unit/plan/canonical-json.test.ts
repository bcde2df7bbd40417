import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, type Json } from "../../../src/plan/canonical-json.ts";

const json = fc.jsonValue() as fc.Arbitrary<Json>;

test("canonical JSON holds the same value", () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("the order in which keys were added does not show", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), (value) => {
      const backwards = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(backwards)).toBe(canonicalJson(value));
    }),
  );
});

test("different values have different texts", () => {
  expect(canonicalJson(["1"])).not.toBe(canonicalJson([1]));
  expect(canonicalJson({ a: { b: 1 } })).not.toBe(canonicalJson({ "a.b": 1 }));
});

test("what JSON cannot say is a bug of the caller", () => {
  expect(() => canonicalJson(Number.NaN)).toThrow(RangeError);
});
