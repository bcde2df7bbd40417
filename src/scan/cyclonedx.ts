import { z } from "zod";

/**
 * The part of CycloneDX 1.6 JSON (ECMA-424, cyclonedx.org/docs/1.6/json) that a scan reads. An SBOM may be any
 * producer's: members that are not named here are allowed, those named have to be what they should be.
 */
const Property = z.object({ name: z.string().optional(), value: z.string().optional() });

const Pedigree = z.object({
  patches: z
    .array(
      z.object({
        diff: z.object({ url: z.string().optional() }).optional(),
        resolves: z.array(z.object({ type: z.string(), id: z.string().optional() })).optional(),
      }),
    )
    .optional(),
});

const Component = z.object({
  type: z.string(),
  "bom-ref": z.string().optional(),
  group: z.string().optional(),
  name: z.string(),
  version: z.string().optional(),
  scope: z.string().optional(),
  purl: z.string().optional(),
  cpe: z.string().optional(),
  properties: z.array(Property).optional(),
  externalReferences: z.array(z.object({ type: z.string(), url: z.string() })).optional(),
  pedigree: Pedigree.optional(),
  get components() {
    return z.array(Component).optional();
  },
});

export const CycloneDx = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.string().regex(/^1\.[3-9]$/, "a version of CycloneDX from 1.3 on"),
  metadata: z.object({ component: Component.optional() }).optional(),
  components: z.array(Component).optional(),
  /** How it was made: tools that are no part of it. */
  formulation: z.array(z.object({ components: z.array(Component).optional() })).optional(),
});

export type CycloneDx = z.output<typeof CycloneDx>;
export type CycloneDxComponent = z.output<typeof Component>;
