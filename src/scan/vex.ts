import { z } from "zod";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { offsetOf, positionAt, syntaxErrorAt } from "../lock/json-position.ts";
import type { Inventory, InventoryComponent } from "./inventory.ts";
import { namesPackage, parsePurl } from "./purl.ts";

/** OpenVEX (github.com/openvex/spec, v0.2.0); what v0.0.1 wrote as bare texts is read too. */
const justifications = [
  "component_not_present",
  "vulnerable_code_not_present",
  "vulnerable_code_not_in_execute_path",
  "vulnerable_code_cannot_be_controlled_by_adversary",
  "inline_mitigations_already_exist",
] as const;

const Subcomponent = z.object({
  "@id": z.string().optional(),
  identifiers: z.record(z.string(), z.string()).optional(),
});

const Product = z.union([
  z.string().transform((id) => ({ "@id": id, identifiers: undefined, subcomponents: undefined })),
  Subcomponent.extend({ subcomponents: z.array(Subcomponent).optional() }),
]);

const Statement = z
  .object({
    vulnerability: z.union([
      z.string().transform((name) => ({ name, aliases: undefined })),
      z.object({ name: z.string().min(1), aliases: z.array(z.string()).optional() }),
    ]),
    products: z.array(Product).min(1),
    status: z.enum(["not_affected", "affected", "fixed", "under_investigation"]),
    justification: z.enum(justifications).optional(),
    impact_statement: z.string().min(1).optional(),
    timestamp: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(
    ({ status, justification, impact_statement: impact }) =>
      status !== "not_affected" || justification !== undefined || impact !== undefined,
    { message: "not_affected wants a justification or an impact_statement" },
  );

const OpenVex = z.object({
  "@context": z.string().startsWith("https://openvex.dev/ns", "an OpenVEX context"),
  author: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
  statements: z.array(Statement),
});

type Statement = z.output<typeof Statement>;
type Subcomponent = z.output<typeof Subcomponent>;

export interface Vex {
  readonly statements: readonly (Statement & { readonly timestamp: string })[];
}

export interface VexJudgement {
  readonly state: "not-affected" | "affected" | "fixed" | "under-investigation";
  readonly reason: string;
}

/** Reads an OpenVEX document; each fault of it has its place in `file`. */
export function parseVex(text: string, file: string): Result<Vex> {
  const fault = (message: string, offset: number): Failure => ({
    code: "NVLAB_VEX",
    message,
    at: { file, ...positionAt(text, offset) },
    hint: "an OpenVEX document is wanted, as openvex.dev describes it",
  });
  const broken = syntaxErrorAt(text);
  if (broken !== undefined) return failed(fault("this is no JSON", broken));
  const checked = OpenVex.safeParse(JSON.parse(text));
  if (!checked.success)
    return failed(
      ...checked.error.issues.map(({ path, message }) =>
        fault(`${path.map(String).join(".") || "the document"}: ${message}`, offsetOf(text, path)),
      ),
    );
  const { statements, timestamp } = checked.data;
  return ok({
    statements: statements.map((statement) => ({
      ...statement,
      timestamp: statement.timestamp ?? timestamp,
    })),
  });
}

/**
 * What the latest statement about a vulnerability (under any of its names) in a component says. A statement is about
 * a component that it names as a product, or as a subcomponent of what the SBOM describes; about all components where
 * it names that alone.
 */
export function judgeByVex(
  vex: Vex,
  inventory: Inventory,
  ids: readonly string[],
  component: InventoryComponent,
): VexJudgement | undefined {
  const about = vex.statements.filter(
    ({ vulnerability, products }) =>
      [vulnerability.name, ...(vulnerability.aliases ?? [])].some((name) => ids.includes(name)) &&
      products.some((product) => concerns(product, inventory, component)),
  );
  const latest = about.reduce<Vex["statements"][number] | undefined>(
    (best, statement) =>
      best === undefined || Date.parse(statement.timestamp) >= Date.parse(best.timestamp) ? statement : best,
    undefined,
  );
  return latest === undefined ? undefined : judgement(latest);
}

function judgement({ status, justification, impact_statement: impact }: Statement): VexJudgement {
  const reason = ["VEX", justification, impact].filter((part) => part !== undefined).join(": ");
  switch (status) {
    case "not_affected":
      return { state: "not-affected", reason };
    case "under_investigation":
      return { state: "under-investigation", reason };
    case "affected":
    case "fixed":
      return { state: status, reason };
  }
}

function concerns(
  product: z.output<typeof Product>,
  inventory: Inventory,
  component: InventoryComponent,
): boolean {
  const parts = product.subcomponents ?? [];
  if (names(product, component) && parts.length === 0) return true;
  if (!names(product, inventory.product)) return false;
  return parts.length === 0 || parts.some((part) => names(part, component));
}

function names(
  pattern: Subcomponent,
  { purl, ref }: { purl?: InventoryComponent["purl"]; ref?: string },
): boolean {
  const id = pattern["@id"];
  if (id !== undefined && id === ref) return true;
  return [id, pattern.identifiers?.purl].some((text) => {
    const wanted = text === undefined ? undefined : parsePurl(text);
    return wanted !== undefined && purl !== undefined && namesPackage(wanted, purl);
  });
}
