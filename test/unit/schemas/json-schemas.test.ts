import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { jsonSchemas } from "../../../src/schemas/json-schemas.ts";

const folder = new URL("../../../schema/", import.meta.url);

test("the committed schemas are those of the code: `npm run schema` writes them", () => {
  const schemas = jsonSchemas();
  expect(readdirSync(folder).sort()).toEqual(Object.keys(schemas).sort());
  for (const [name, text] of Object.entries(schemas)) {
    expect(readFileSync(new URL(name, folder), "utf8"), name).toBe(text);
  }
});
