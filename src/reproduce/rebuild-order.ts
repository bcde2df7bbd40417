import { z } from "zod";

const Mount = z.strictObject({ host: z.string(), at: z.string(), writable: z.boolean() });

const Variation = z.strictObject({
  mounts: z.array(Mount),
  environment: z.record(z.string(), z.string()),
  umask: z.string().optional(),
  user: z.strictObject({ uid: z.int(), gid: z.int() }).optional(),
  hostname: z.string().optional(),
  places: z.string().optional(),
});

/** What `nvlab reproduce` asks of the nvlab that it starts under other conditions. */
export const RebuildOrder = z.strictObject({
  target: z.string(),
  components: z.array(z.string()),
  jobs: z.int().optional(),
  out: z.string(),
  releaseVersion: z.string().optional(),
  /** Folder with the shipped recipes, where it is not that of the program. */
  home: z.string().optional(),
  /** Host path of the unpacked build root. */
  root: z.string(),
  /** Folder for the probes to read. */
  probe: z.string(),
  scratch: z.string(),
  variation: Variation,
});
export type RebuildOrder = z.output<typeof RebuildOrder>;

const Seen = z.record(z.string(), z.string());

/** What that nvlab answers when it is done. */
export const RebuildAnswer = z.object({ observed: z.object({ outside: Seen, inside: Seen }) });
