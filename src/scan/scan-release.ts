import { readFile } from "node:fs/promises";
import { failed, ok, type Result } from "../failure/result.ts";
import { type Finding, findings } from "./finding.ts";
import type { Inventory } from "./inventory.ts";
import { indexComponents, type Match, matchAdvisory } from "./match.ts";
import { debianKey, upstreamKey } from "./package-key.ts";
import { readAdvisories, type Snapshot } from "./read-advisories.ts";
import { type ReadSbom, readSbom } from "./read-inventory.ts";
import { judgeByVex, parseVex, type Vex } from "./vex.ts";

export interface ScanRequest {
  /** A release folder or an SBOM; absolute. */
  readonly release: string;
  /** The snapshot of a vulnerability database; absolute. */
  readonly database: string;
  /** An OpenVEX document; absolute. */
  readonly vex?: string;
  readonly signal?: AbortSignal;
}

export interface ScanReport {
  readonly sbom: { readonly path: string; readonly components: number; readonly product: string };
  readonly database: Snapshot & { readonly path: string };
  readonly vex?: {
    readonly path: string;
    readonly statements: number;
    /** Vulnerabilities of statements that said something of none of the findings. */
    readonly unused: readonly string[];
  };
  /** Open ones first, the worst first. */
  readonly findings: readonly Finding[];
}

export interface Scan {
  readonly report: ScanReport;
  /** The SBOM's text, for places in it. */
  readonly text: string;
}

/** Matches a release's SBOM with a snapshot of a vulnerability database. Uses no network. */
export async function scanRelease(request: ScanRequest): Promise<Result<Scan>> {
  const [sbom, vex] = await Promise.all([readSbom(request.release), readVex(request.vex)]);
  if (!sbom.ok || !vex.ok) return failed(...(sbom.ok ? [] : sbom.failures), ...(vex.ok ? [] : vex.failures));
  return scanSbom(sbom.value, vex.value, request);
}

async function scanSbom(
  sbom: ReadSbom,
  vex: Vex | undefined,
  { database, vex: vexPath, signal }: ScanRequest,
): Promise<Result<Scan>> {
  const { inventory } = sbom;
  const index = indexComponents(inventory);
  const wanted = (source: string): boolean =>
    index.has(debianKey("*", source)) || index.has(upstreamKey(source));
  const matches: Match[] = [];
  const snapshot = await readAdvisories(
    database,
    wanted,
    (advisory) => matches.push(...matchAdvisory(advisory, index)),
    signal,
  );
  if (!snapshot.ok) return snapshot;
  const found = findings(matches, (ids, component) =>
    vex === undefined ? undefined : judgeByVex(vex, inventory, ids, component),
  );
  const { name, version } = inventory.product;
  return ok({
    text: sbom.text,
    report: {
      sbom: {
        path: sbom.path,
        components: inventory.components.length,
        product: version === undefined ? name : `${name} ${version}`,
      },
      database: { path: database, ...snapshot.value },
      ...(vex === undefined || vexPath === undefined
        ? {}
        : {
            vex: { path: vexPath, statements: vex.statements.length, unused: unused(vex, inventory, found) },
          }),
      findings: found,
    },
  });
}

async function readVex(path: string | undefined): Promise<Result<Vex | undefined>> {
  if (path === undefined) return ok(undefined);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined)
    return failed({
      code: "NVLAB_FILE_MISSING",
      message: `there is no ${path} that could be read`,
      hint: "give --vex an OpenVEX document",
    });
  return parseVex(text, path);
}

function unused(vex: Vex, inventory: Inventory, found: readonly Finding[]): string[] {
  const components = new Map(inventory.components.map((component) => [component.ref, component]));
  const used = (statement: Vex["statements"][number]): boolean =>
    found.some(({ id, aliases, component }) => {
      const described = components.get(component.ref);
      const alone = { statements: [statement] };
      return (
        described !== undefined && judgeByVex(alone, inventory, [id, ...aliases], described) !== undefined
      );
    });
  return vex.statements
    .filter((statement) => !used(statement))
    .map(({ vulnerability }) => vulnerability.name);
}
