import { failed, ok, type Result } from "../failure/result.ts";
import type { Failure } from "../failure/failure.ts";
import { askAfter } from "../fetch/answering.ts";
import { poolPlaces } from "../fetch/debian-mirrors.ts";
import { fetchByIntegrity, parseIntegrity } from "../fetch/fetch-unlocked.ts";
import { redact } from "../fetch/place.ts";
import type { LockedArchive, LockedSource } from "../lock/lock.ts";
import type { SourceRequest } from "../lock/request.ts";
import { sourceRecipeDigest } from "../lock/recipe-digest.ts";
import type { DebianFile, SourceVariant } from "../recipe/schema/source.ts";
import { resolveGit } from "./resolve-git.ts";
import type { ResolveTools } from "./resolve-root.ts";
import { sourceFiles, type SourceFile } from "./source-records.ts";
import { inTrack, parseOrigName } from "./track.ts";

/** "declared": the file that the recipe names, while it can be had; "newest": the newest one of its track. */
export type SourceChoice = "declared" | "newest";

/** undefined: this variant cannot be had, for the reasons that were added to `reasons`. */
type Found = Promise<Result<Omit<LockedArchive, "variant" | "recipe"> | undefined>>;

async function fromIndex(
  debian: DebianFile,
  wanted: (files: readonly SourceFile[]) => SourceFile[],
  tools: ResolveTools,
  reasons: string[],
): Promise<Result<{ file: SourceFile; archiveTime: number } | undefined>> {
  const apt = await tools.apt.open([debian.suite], "deb-src");
  if (!apt.ok) return apt;
  const { archiveTime } = apt.value;
  const candidates = wanted(await sourceFiles(apt.value, debian.source));
  const places = candidates.map((file) => poolPlaces(tools.mirrors, { ...file, archiveTime }));
  const answers = await askAfter(places, tools.context);
  if (!answers.ok) return answers;
  const file = candidates.find((_, index) => answers.value[index]?.present === true);
  for (const [index, { file: name }] of candidates.entries()) {
    if (answers.value[index]?.present === false)
      reasons.push(`${name}: in the index, but no mirror has the file`);
  }
  if (candidates.length === 0) reasons.push(`${debian.file}: not in the index of ${debian.suite}`);
  return ok(file === undefined ? undefined : { file, archiveTime });
}

function lockedFromIndex(
  found: { file: SourceFile; archiveTime: number },
  version: string,
  urls: readonly string[],
): Omit<LockedArchive, "variant" | "recipe"> {
  const { file, size, sha256, pool, suite } = found.file;
  return {
    type: "archive",
    version,
    file,
    size,
    sha256,
    pool,
    suite,
    archiveTime: found.archiveTime,
    urls: [...urls],
  };
}

/** The newest file of the track, which may have other bytes than the recipe's URLs: these are left out then. */
async function newest(
  request: SourceRequest,
  variant: SourceVariant,
  tools: ResolveTools,
  reasons: string[],
): Found {
  const { debian } = variant;
  if (debian === undefined) return ok(undefined);
  const pick = (files: readonly SourceFile[]): SourceFile[] =>
    inTrack(files, debian.source, request.source.track);
  const found = await fromIndex(debian, pick, tools, reasons);
  if (!found.ok || found.value === undefined) return found.ok ? ok(undefined) : found;
  const same = found.value.file.file === debian.file;
  const version = parseOrigName(found.value.file.file)?.version ?? request.version;
  return ok(lockedFromIndex(found.value, version, same ? (variant.urls ?? []).map(redact) : []));
}

/** The file that the recipe names: from the signed index, else from its places by the recipe's own digest. */
async function declared(
  request: SourceRequest,
  variant: SourceVariant,
  tools: ResolveTools,
  reasons: string[],
): Found {
  const { debian, integrity } = variant;
  const urls = variant.urls ?? [];
  if (debian !== undefined) {
    const pick = (files: readonly SourceFile[]): SourceFile[] =>
      files.filter(({ file }) => file === debian.file);
    const found = await fromIndex(debian, pick, tools, reasons);
    if (!found.ok) return found;
    if (found.value !== undefined) {
      const { sha256 } = found.value.file;
      const own = await ownSha256(debian.file, integrity, tools, found.value);
      if (!own.ok) return own;
      if (own.value !== undefined && own.value !== sha256) {
        return failed({
          code: "NVLAB_DIGEST",
          message: `${request.key}: the signed index gives ${debian.file} another SHA-256 than the recipe's integrity`,
          hint: "correct the integrity, or make the other bytes a variant of their own",
          details: [`index: ${sha256}`, `recipe: ${own.value}`],
        });
      }
      const version = parseOrigName(debian.file)?.version ?? request.version;
      return ok(lockedFromIndex(found.value, version, urls.map(redact)));
    }
  }
  if (integrity === undefined) return ok(undefined);
  const letter =
    debian?.source.startsWith("lib") === true ? debian.source.slice(0, 4) : debian?.source.slice(0, 1);
  const pool = debian === undefined ? undefined : `pool/main/${letter ?? ""}/${debian.source}/${debian.file}`;
  const file = debian?.file ?? fileNameOf(urls[0] ?? "");
  const inPool = pool === undefined ? [] : tools.mirrors.bases.map((base) => `${base}/${pool}`);
  const got = await sizeAndDigest(file, integrity, [...inPool, ...urls], tools, reasons);
  if (!got.ok || got.value === undefined) return got.ok ? ok(undefined) : got;
  return ok({
    type: "archive",
    version: parseOrigName(file)?.version ?? request.version,
    file,
    ...got.value,
    ...(pool === undefined || debian === undefined ? {} : { pool, suite: debian.suite }),
    urls: urls.map(redact),
  });
}

/** SHA-256 that belongs to the recipe's integrity; for a SHA-512 one the file has to be downloaded. */
async function ownSha256(
  name: string,
  integrity: string | undefined,
  { mirrors, context }: ResolveTools,
  { file, archiveTime }: { readonly file: SourceFile; readonly archiveTime: number },
): Promise<Result<string | undefined>> {
  if (integrity === undefined) return ok(undefined);
  const digest = parseIntegrity(integrity);
  if (digest !== undefined && "sha256" in digest) return ok(digest.sha256);
  const got = await fetchByIntegrity(
    { name, integrity, places: poolPlaces(mirrors, { ...file, archiveTime }) },
    context,
  );
  return got.ok ? ok(got.value.sha256) : got;
}

/** A HEAD answer suffices where the recipe gives the SHA-256; otherwise the file is downloaded. */
async function sizeAndDigest(
  name: string,
  integrity: string,
  places: readonly string[],
  tools: ResolveTools,
  reasons: string[],
): Promise<Result<{ size: number; sha256: string } | undefined>> {
  const digest = parseIntegrity(integrity);
  if (digest !== undefined && "sha256" in digest) {
    const answers = await askAfter([places], tools.context);
    if (!answers.ok) return answers;
    const size = answers.value[0]?.size;
    if (size !== undefined && size > 0) return ok({ size, sha256: digest.sha256 });
  }
  const got = await fetchByIntegrity({ name, integrity, places }, tools.context);
  if (got.ok) return ok({ size: got.value.size, sha256: got.value.sha256 });
  if (got.failures.some(({ code }) => code !== "NVLAB_DOWNLOAD" && code !== "NVLAB_DIGEST")) return got;
  for (const failure of got.failures) reasons.push(failure.message, ...(failure.details ?? []));
  return ok(undefined);
}

function fileNameOf(url: string): string {
  const last = new URL(url).pathname.split("/").at(-1) ?? "";
  const plain = last.replaceAll(/[^A-Za-z0-9.+~_-]/g, "_");
  return /^[A-Za-z0-9]/.test(plain) ? plain : `source-${plain}`;
}

function nothingFound(request: SourceRequest, reasons: readonly string[]): Failure {
  return {
    code: "NVLAB_RESOLVE",
    message: `${request.key}: no variant of the source can be had, and nothing else of the track ${request.source.track}`,
    hint: "name another mirror, or give the recipe a newer track or another place",
    details: reasons,
  };
}

/** Chooses the bytes of a source: its variants in order, by the signed index or the recipe's own digest. */
export async function resolveSource(
  request: SourceRequest,
  choice: SourceChoice,
  tools: ResolveTools,
): Promise<Result<LockedSource>> {
  const recipe = sourceRecipeDigest(request.source);
  if (request.source.git !== undefined) {
    const git = await resolveGit(request.source.git, request.version, tools.context);
    return git.ok ? ok({ ...git.value, recipe }) : git;
  }
  const reasons: string[] = [];
  const ways = choice === "declared" ? [declared, newest] : [newest, declared];
  for (const way of ways) {
    for (const [variant, described] of (request.source.variants ?? []).entries()) {
      const found = await way(request, described, tools, reasons);
      if (!found.ok) return found;
      if (found.value === undefined) continue;
      if (way !== ways[0]) {
        const message = `${request.key}: took ${found.value.file}, as what should be taken cannot be had`;
        tools.context.emit({ type: "notice", level: "warning", message, hint: reasons.join("; ") });
      }
      return ok({ ...found.value, variant, recipe });
    }
  }
  return failed(nothingFound(request, [...new Set(reasons)]));
}
