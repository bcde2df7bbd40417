import { z } from "zod";

/** lab.json: what runs here. */
export const LabRecord = z.object({
  labVersion: z.literal(1),
  project: z.string().describe("absolute path"),
  target: z.string(),
  machines: z
    .array(z.object({ name: z.enum(["a", "b"]), controllers: z.array(z.string()).readonly() }))
    .min(1)
    .readonly(),
});
export type LabRecord = z.output<typeof LabRecord>;
