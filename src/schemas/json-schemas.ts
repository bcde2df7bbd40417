import { z } from "zod";
import { Contract } from "../contract/schema.ts";
import { MirrorIndex } from "../fetch/mirror-index.ts";
import { Lock } from "../lock/lock.ts";
import { documents } from "../recipe/schema/documents.ts";
import { Manifest } from "../release/manifest.ts";
import { NvlinkTopology } from "./nvlink-topology.ts";

/** The JSON Schemas (draft-07) of everything that is read or written, by file name, as committed in schema/. */
export function jsonSchemas(): Record<string, string> {
  const { component, ...others } = documents;
  const written = { lock: Lock, manifest: Manifest, mirror: MirrorIndex, "nvlink-topology": NvlinkTopology };
  return Object.fromEntries(
    Object.entries({ recipe: component, ...others, contract: Contract, ...written }).map(([name, schema]) => [
      `${name}.schema.json`,
      `${JSON.stringify(z.toJSONSchema(schema, { target: "draft-7", io: "input" }), null, 2)}\n`,
    ]),
  );
}
