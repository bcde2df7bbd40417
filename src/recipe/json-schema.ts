import { z } from "zod";
import { documents } from "./schema/documents.ts";

/** The JSON Schemas (draft-07) of every YAML document, by file name, as they are committed in schema/. */
export function jsonSchemas(): Record<string, string> {
  const schemas = { ...documents, recipe: documents.component };
  const { component: _component, ...named } = schemas;
  return Object.fromEntries(
    Object.entries(named).map(([name, schema]) => [
      `${name}.schema.json`,
      `${JSON.stringify(z.toJSONSchema(schema, { target: "draft-7", io: "input" }), null, 2)}\n`,
    ]),
  );
}
