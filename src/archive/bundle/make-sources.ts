import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { lockDigest } from "../../build/lock-digest.ts";
import { planRequested } from "../../build/prepare.ts";
import type { Prepared } from "../../build/prepared.ts";
import { fetchContext, mirrorsFor } from "../../build/provide.ts";
import { providePrepared } from "../../build/provide-prepared.ts";
import { releaseFacts } from "../../build/release-facts.ts";
import type { Surroundings } from "../../build/request.ts";
import { failed, ok, type Result } from "../../failure/result.ts";
import { known } from "../../recipe/known.ts";
import { composeManifest } from "../../release/compose.ts";
import { manifestName } from "../../release/known-files.ts";
import type { Manifest } from "../../release/manifest.ts";
import { checkRelease } from "../../release/verify-release.ts";
import { describeFault } from "../../release/verify-text.ts";
import { composeBundle, type ComposedBundle } from "./compose-bundle.ts";
import { differences, unpinnedSources } from "./differences.ts";
import { projectAt } from "./project-at.ts";
import type { FoundPackage } from "./source-package.ts";
import { writeBundle, type WrittenBundle } from "./write-bundle.ts";

export interface SourcesRequest {
  /** A release folder or an out folder, absolute. */
  readonly release: string;
  /** Absolute; <release>-sources without. */
  readonly out: string | undefined;
  readonly leftOut: readonly string[];
}

export interface MadeSources extends WrittenBundle {
  /** Source packages of libraries that are not to be had any more. */
  readonly lacking: readonly FoundPackage[];
  /** Components with a source in which no licence text was found. */
  readonly withoutTexts: readonly string[];
  readonly pinned: boolean;
}

/** Puts together the corresponding source of a release, and refuses what it cannot vouch for. */
export async function makeSources(
  request: SourcesRequest,
  surroundings: Surroundings,
): Promise<Result<MadeSources>> {
  const checked = await checkRelease(request.release, "companions", surroundings.signal);
  if (!checked.ok) return checked;
  const { report, manifest, folder } = checked.value;
  if (!report.ok || manifest === undefined) {
    return refuse(
      `${request.release} does not verify`,
      "`nvlab verify` has more; give the release as it was made",
      [
        ...report.faults.map(
          (fault) => `${JSON.stringify(fault.path).slice(1, -1)}: ${describeFault(fault)}`,
        ),
      ],
    );
  }
  const local = unpinnedSources(manifest);
  if (local.length > 0) {
    return refuse(
      "the release was built from local trees, which nothing pins",
      "build it without --source",
      local,
    );
  }
  const names = manifest.components.map(({ name }) => name);
  const unknown = request.leftOut.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    return failed({
      code: "NVLAB_USAGE",
      message: `the release has no component ${unknown.join(", ")}`,
      hint: known("components", names),
    });
  }
  const lockDocument = manifest.documents?.find(({ kind }) => kind === "lock");
  const lockFile = lockDocument === undefined ? surroundings.lockFile : join(folder, lockDocument.path);
  const project = await projectAt(manifest.project.commit, { ...surroundings, lockFile });
  if (!project.ok) return project;
  const { close, pinned, surroundings: at } = project.value;
  await mkdir(join(surroundings.cacheDir, "tmp"), { recursive: true });
  const work = await mkdtemp(join(surroundings.cacheDir, "tmp", "sources-"));
  try {
    const prepared = await comparedPlan(manifest, at);
    if (!prepared.ok) return prepared;
    const provided = await provide(prepared.value, new Set(request.leftOut), at);
    if (!provided.ok) return provided;
    const debian = await mirrorsFor(provided.value.project, at);
    const bundle = await composeBundle(
      { folder, manifest, prepared: provided.value, leftOut: request.leftOut, pinned, work },
      debian.ok ? debian.value : { bases: [] },
      fetchContext(at),
    );
    if (!bundle.ok) return bundle;
    return await write(request, manifest, bundle.value, pinned, surroundings.signal);
  } finally {
    await rm(work, { recursive: true, force: true });
    await close();
  }
}

function refuse(message: string, hint: string, details: readonly string[]): Result<never> {
  return failed({ code: "NVLAB_SOURCES", message, hint, details: details.slice(0, 40) });
}

/** The release's target as the project plans it, where it plans the very same. */
async function comparedPlan(manifest: Manifest, surroundings: Surroundings): Promise<Result<Prepared>> {
  const asked = { target: manifest.target, frozen: true, sources: [] };
  const prepared = await planRequested(asked, surroundings);
  if (!prepared.ok) return prepared;
  const { project, planned, lock } = prepared.value;
  const { commit, dirty } = manifest.project;
  const facts = releaseFacts({
    project,
    planned,
    lock,
    lockDigest: lockDigest(lock),
    commit: { commit, dirty, changed: [] },
    releaseVersion: manifest.releaseVersion,
    incremental: manifest.incremental,
  });
  const found = differences(manifest, composeManifest(facts, []));
  if (found.length === 0) return prepared;
  const where = commit === null ? "the state in which the release was made" : `the commit ${commit}`;
  return refuse(
    "the project's files are not those that the release was made from",
    `check out ${where}, or give its lock with --lock`,
    found,
  );
}

/** Everything that goes into a bundle is in the cache afterwards, and the roots of the libraries are unpacked. */
function provide(
  prepared: Prepared,
  leftOut: ReadonlySet<string>,
  surroundings: Surroundings,
): Promise<Result<Prepared>> {
  const needed = ({ planned: { plan } }: Prepared) => ({
    sources: plan.nodes.flatMap((node) =>
      node.kind === "source" && node.origin.type !== "local" && !leftOut.has(node.component)
        ? [node.origin]
        : [],
    ),
    roots: [...new Set(plan.nodes.map(({ root }) => root))],
  });
  return providePrepared(prepared, needed, true, surroundings);
}

async function write(
  request: SourcesRequest,
  manifest: Manifest,
  bundle: ComposedBundle,
  pinned: boolean,
  signal: AbortSignal,
): Promise<Result<MadeSources>> {
  const release = basename(request.release) === manifestName ? dirname(request.release) : request.release;
  const folder = request.out ?? `${release}-sources`;
  const { project, releaseVersion, target, epoch } = manifest;
  const name = `${project.name}-${releaseVersion}-${target}-sources`;
  const own = { path: manifestName, content: await readFile(join(release, manifestName)) };
  const written = await writeBundle({ folder, name, files: [...bundle.files, own], epoch }, signal);
  if (!written.ok) return written;
  const { lacking, withoutTexts } = bundle;
  return ok({ ...written.value, lacking, withoutTexts, pinned });
}
