import { failed, ok, type Result } from "../failure/result.ts";
import { lockChanges } from "../lock/lock-changes.ts";
import { Lock } from "../lock/lock.ts";
import type { DocumentKind, Manifest } from "../release/manifest.ts";
import { parseSbom } from "../scan/read-inventory.ts";
import type { Inventory } from "../scan/inventory.ts";
import { scanRelease } from "../scan/scan-release.ts";
import { compareConfigs, compareDeviceTrees, type Pair } from "./compare-files.ts";
import type { Change, Comparison } from "./comparison.ts";
import { compareFindings, compareInventories } from "./inventories.ts";
import {
  byPath,
  compareComponents,
  compareFiles,
  compareReleaseFields,
  compareToolchains,
  totalSize,
} from "./manifests.ts";
import { comparePrograms } from "./programs.ts";
import { openSide, readNamed, type Side } from "./side.ts";

export interface CompareRequest {
  /** Absolute, and as the person named them. */
  readonly before: { readonly path: string; readonly label: string };
  readonly after: { readonly path: string; readonly label: string };
  /** Snapshot of a vulnerability database, and an OpenVEX document; absolute. */
  readonly database?: string;
  readonly vex?: string;
  readonly signal?: AbortSignal;
}

/**
 * What differs between two releases or out folders. Files are read only where the manifests say that their bytes
 * differ, and each is checked against its manifest's digest. Fails where a side is damaged or lacks what it names.
 */
export async function compareReleases(request: CompareRequest): Promise<Result<Comparison>> {
  const [before, after] = await Promise.all([
    openSide(request.before.path, request.before.label),
    openSide(request.after.path, request.after.label),
  ]);
  if (!before.ok || !after.ok) {
    return failed(...(before.ok ? [] : before.failures), ...(after.ok ? [] : after.failures));
  }
  return compareSides(before.value, after.value, request);
}

async function compareSides(before: Side, after: Side, request: CompareRequest): Promise<Result<Comparison>> {
  const [old, now] = [before.manifest, after.manifest];
  const changed = pairsOf(old, now);
  const ofKind = (kind: string): typeof changed => changed.filter((pair) => pair.kind === kind);
  const systemMap = ofKind("debug").find(({ after: { path } }) => path.endsWith("System.map"));
  const configs = await compareConfigs(before, after, ofKind("config"));
  const trees = await compareDeviceTrees(before, after, ofKind("device-tree"));
  const programs = await comparePrograms(before, after, ofKind("debug"), systemMap);
  const toolchain = await toolchains(before, after);
  const sbom = await inventories(before, after);
  const vulnerabilities = await vulnerabilitiesOf(before, after, request);
  const parts = [configs, trees, programs, toolchain, sbom, vulnerabilities];
  if (!configs.ok || !trees.ok || !programs.ok || !toolchain.ok || !sbom.ok || !vulnerabilities.ok)
    return failed(...parts.flatMap((part) => (part.ok ? [] : part.failures)));
  return ok({
    before: before.label,
    after: after.label,
    equal: before.text === after.text,
    release: compareReleaseFields(old, now),
    components: compareComponents(old, now),
    configs: configs.value.found,
    toolchain: toolchain.value,
    size: { before: totalSize(old), after: totalSize(now) },
    artifacts: compareFiles(old.artifacts, now.artifacts),
    documents: compareFiles(old.documents ?? [], now.documents ?? []),
    programs: programs.value.found,
    deviceTrees: trees.value.found,
    sbom: sbom.value.changes,
    vulnerabilities: vulnerabilities.value,
    leftOut: [
      ...configs.value.leftOut,
      ...trees.value.leftOut,
      ...programs.value.leftOut,
      ...sbom.value.leftOut,
    ],
  });
}

/** Artifacts of both sides whose bytes differ, by path. */
function pairsOf(before: Manifest, after: Manifest): (Pair & { kind: string; component: string })[] {
  const left = byPath(before.artifacts);
  return after.artifacts.flatMap((now) => {
    const old = left.get(now.path);
    const { kind, component } = now;
    return old?.kind !== kind || old.integrity === now.integrity
      ? []
      : [{ before: old, after: now, kind, component }];
  });
}

/** By package where both sides have their lock, else as far as the manifests tell. */
async function toolchains(before: Side, after: Side): Promise<Result<readonly Change[]>> {
  const [left, right] = [await lockOf(before), await lockOf(after)];
  if (!left.ok) return left;
  if (!right.ok) return right;
  if (left.value === undefined || right.value === undefined)
    return ok(compareToolchains(before.manifest, after.manifest));
  return ok(
    lockChanges(left.value, right.value)
      .filter(({ kind }) => kind === "package")
      .map(({ name, from, to }) => ({ name, before: from, after: to })),
  );
}

async function lockOf(side: Side): Promise<Result<Lock | undefined>> {
  const text = await documentOf(side, "lock");
  if (!text.ok || text.value === undefined) return text.ok ? ok(undefined) : text;
  const checked = Lock.safeParse(parseJson(text.value));
  if (checked.success) return ok(checked.data);
  return failed({
    code: "NVLAB_COMPARE",
    message: `the lock of ${side.label} is none that this nvlab reads: ${checked.error.issues[0]?.message ?? ""}`,
    hint: "update nvlab to the version that made the release",
  });
}

async function documentOf(side: Side, kind: DocumentKind): Promise<Result<string | undefined>> {
  const named = side.manifest.documents?.find((document) => document.kind === kind);
  if (named === undefined) return ok(undefined);
  const read = await readNamed(side, named);
  if (!read.ok) return read;
  return ok("absent" in read.value ? undefined : read.value.value.toString("utf8"));
}

interface InventoriesCompared {
  readonly changes: readonly Change[];
  readonly leftOut: readonly { readonly part: string; readonly reason: string }[];
}

async function inventories(before: Side, after: Side): Promise<Result<InventoriesCompared>> {
  const [left, right] = [await inventoryOf(before), await inventoryOf(after)];
  if (!left.ok) return left;
  if (!right.ok) return right;
  if (left.value === undefined || right.value === undefined) {
    const without = [left, right].every(({ value }) => value === undefined);
    const lacking = left.value === undefined ? before : after;
    return ok({
      changes: [],
      // Two out folders have none, and nobody expects it.
      leftOut: without ? [] : [{ part: "SBOM", reason: `${lacking.label} has none` }],
    });
  }
  return ok({ changes: compareInventories(left.value, right.value), leftOut: [] });
}

async function inventoryOf(side: Side): Promise<Result<Inventory | undefined>> {
  const text = await documentOf(side, "sbom");
  if (!text.ok) return text;
  return text.value === undefined ? ok(undefined) : parseSbom(text.value, `${side.label}: SBOM`);
}

async function vulnerabilitiesOf(
  before: Side,
  after: Side,
  { database, vex, signal }: CompareRequest,
): Promise<Result<Comparison["vulnerabilities"]>> {
  if (database === undefined) return ok([]);
  const scan = (side: Side) =>
    scanRelease({
      release: side.folder,
      database,
      ...(vex === undefined ? {} : { vex }),
      ...(signal === undefined ? {} : { signal }),
    });
  const [left, right] = [await scan(before), await scan(after)];
  if (!left.ok) return left;
  if (!right.ok) return right;
  return ok(compareFindings(left.value.report.findings, right.value.report.findings));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
