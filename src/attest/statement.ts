import { z } from "zod";

export const statementType = "https://in-toto.io/Statement/v1";

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A subject as this program writes it: a file by its path in the release. */
const Subject = z.object({
  name: z.string().min(1),
  digest: z.object({
    sha256: Sha256,
    sha512: z
      .string()
      .regex(/^[0-9a-f]{128}$/)
      .optional(),
  }),
});

/** An in-toto Statement v1 (in-toto attestation framework, statement.md). */
export const Statement = z.object({
  _type: z.literal(statementType),
  subject: z.array(Subject).min(1),
  predicateType: z.string().min(1),
  predicate: z.record(z.string(), z.unknown()),
});
export type Statement = z.output<typeof Statement>;
export type Subject = z.output<typeof Subject>;

/** Something that a statement refers to (in-toto attestation framework v1, resource_descriptor.md). */
export interface ResourceDescriptor {
  readonly name?: string;
  readonly uri?: string;
  readonly digest?: Readonly<Record<string, string>>;
  readonly mediaType?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

/** The one text of a statement: two spaces a level, a line feed at the end. */
export function renderStatement(statement: Statement): string {
  return `${JSON.stringify(statement, null, 2)}\n`;
}
