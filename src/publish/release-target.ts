import { chmod, lstat, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { withBuiltTarget, type BuiltTarget } from "../build/build-target.ts";
import type { Prepared } from "../build/prepared.ts";
import { providePrepared } from "../build/provide-prepared.ts";
import type { BuildRequest, Surroundings, TargetRequest } from "../build/request.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { manifestName } from "../release/known-files.ts";
import { isAbandoned, temporaryName } from "../release/temporary-name.ts";
import { verifyRelease } from "../release/verify-release.ts";
import { describeFault } from "../release/verify-text.ts";
import { rootTree } from "../root/unpack-root.ts";
import { keyId, type PrivateKey } from "../sign/key.ts";
import { walkTree } from "../store/walk-tree.ts";
import { signRelease } from "../trust/sign-release.ts";
import { checkConditions } from "./conditions.ts";
import { fillStage, type FilledStage } from "./fill-stage.ts";
import { packRelease } from "./pack.ts";
import { publishing } from "./publishing.ts";

export interface PublishRequest extends Omit<TargetRequest, "frozen"> {
  /** That of nvlab.yaml without. */
  readonly releaseVersion: string | undefined;
  readonly jobs: number | undefined;
  /** Without: the release is left unsigned. */
  readonly key: PrivateKey | undefined;
  /** Until when the signatures count. */
  readonly expires?: Date;
  /** URI of who runs the build, for the provenance. */
  readonly builder: string;
  /** Version of nvlab. */
  readonly version: string;
}

export interface PublishedRelease {
  readonly target: string;
  readonly version: string;
  /** Absolute. */
  readonly folder: string;
  readonly archive: { readonly path: string; readonly sha256: string };
  readonly artifacts: number;
  readonly documents: number;
  /** Key id of the signer; absent where it was not signed now. */
  readonly signedBy?: string;
  /** True where the same release was there already. */
  readonly repeated: boolean;
  /** Components from outside in whose sources no licence text was found. */
  readonly withoutLicence: readonly string[];
}

/**
 * Makes a release of a target: builds it from the lock alone, puts what describes it beside the images, signs and packs it.
 * It appears by one rename, complete, or not at all. What must not be released fails with NVLAB_RELEASE_… and every reason.
 */
export async function releaseTarget(
  request: PublishRequest,
  surroundings: Surroundings,
): Promise<Result<PublishedRelease>> {
  const build: BuildRequest = {
    target: request.target,
    frozen: true,
    sources: request.sources,
    ...(request.fitKeys && { fitKeys: request.fitKeys }),
    components: [],
    jobs: request.jobs,
    keepGoing: false,
    rebuild: [],
    out: undefined,
    releaseVersion: request.releaseVersion,
    incremental: false,
  };
  // Before the long work, and again after it: meanwhile somebody may have edited a file.
  const before = await checkConditions(build, surroundings);
  if (!before.ok) return before;
  return withBuiltTarget(
    build,
    surroundings,
    async (built) => {
      const facts = await checkConditions(build, surroundings, built.now);
      if (!facts.ok) return facts;
      const { signal, cacheDir } = surroundings;
      const roots = [...new Set(built.now.planned.plan.nodes.map(({ root }) => root))];
      const provided = await providePrepared(built.now, () => ({ sources: [], roots }), true, surroundings);
      if (!provided.ok) return provided;
      const { planned, project } = built.now;
      const shelf = join(project.directory, "releases", facts.value.releaseVersion);
      return publishing(
        shelf,
        async () => {
          await mkdir(shelf, { recursive: true });
          await removeAbandoned(shelf);
          const stage = join(shelf, temporaryName());
          try {
            const filled = await fillStage({
              built,
              facts: facts.value,
              folder: stage,
              version: request.version,
              builder: request.builder,
              rootTree: (root) => rootTree(cacheDir, planned.plan.roots[root] ?? ""),
              signal,
            });
            if (!filled.ok) return filled;
            return await shelve(
              request,
              filled.value,
              stage,
              join(shelf, planned.plan.target),
              built,
              signal,
            );
          } finally {
            await rm(stage, { recursive: true, force: true });
          }
        },
        signal,
      );
    },
    sourceNodes,
  );
}

/** Signs what is staged and puts it in its place, or finds the same release there and signs that. */
async function shelve(
  request: PublishRequest,
  filled: FilledStage,
  stage: string,
  folder: string,
  { now }: BuiltTarget,
  signal: AbortSignal,
): Promise<Result<PublishedRelease>> {
  const repeated = await isSame(folder, filled.manifest, signal);
  if (!repeated.ok) return repeated;
  const { key, expires } = request;
  if (key) {
    const path = repeated.value ? folder : stage;
    const signed = await signRelease({ path, key, ...(expires && { expires }), signal });
    if (!signed.ok) return signed;
  }
  if (!repeated.value) {
    for (const { type, absolute } of walkTree(stage)) if (type === "folder") await chmod(absolute, 0o755);
    await rename(stage, folder);
  }
  const archive = await packRelease(folder);
  if (!archive.ok) return archive;
  return ok({
    target: now.planned.plan.target,
    version: request.releaseVersion ?? now.project.file.value.version,
    folder,
    archive: archive.value,
    artifacts: filled.artifacts,
    documents: filled.documents,
    ...(key && { signedBy: keyId(key.publicKey) }),
    repeated: repeated.value,
    withoutLicence: filled.withoutLicence,
  });
}

/** Whether just this release is there already. Another one in its place, or a damaged one, is a failure. */
async function isSame(folder: string, manifest: string, signal: AbortSignal): Promise<Result<boolean>> {
  const there = await lstat(folder).catch(() => undefined);
  if (there === undefined) return ok(false);
  const other = (what: string, details: readonly string[] = []): Result<never> =>
    failed({
      code: "NVLAB_RELEASE_EXISTS",
      message: `${folder} ${what}`,
      hint: "a version that was given to others is never made again: raise it in nvlab.yaml; else move that folder away",
      ...(details.length > 0 && { details }),
    });
  if (!there.isDirectory()) return other("is there already, and is no release");
  const text = await readFile(join(folder, manifestName), "utf8").catch(() => undefined);
  if (text !== manifest) return other("is another release of the same version, with other bytes");
  const verified = await verifyRelease(folder, signal);
  if (!verified.ok) return verified;
  const { ok: good, faults } = verified.value;
  if (good) return ok(true);
  return other(
    "is this release, and was altered",
    faults.map((fault) => `${fault.path}: ${describeFault(fault)}`),
  );
}

/** What releases left that were killed. */
async function removeAbandoned(shelf: string): Promise<void> {
  for (const name of await readdir(shelf))
    if (isAbandoned(name)) await rm(join(shelf, name), { recursive: true, force: true });
}

/** Licence texts are looked for in the sources, also where everything that is built of them is in the store. */
function sourceNodes({ planned }: Prepared): string[] {
  return planned.plan.nodes.flatMap((node) =>
    node.kind === "source" || (node.kind === "patched" && node.source === undefined) ? [node.id] : [],
  );
}
