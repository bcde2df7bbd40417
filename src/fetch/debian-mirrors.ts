import { failed, ok, type Result } from "../failure/result.ts";
import { redact } from "./place.ts";

/** Where Debian's files are, apart from their paths below the base. */
export interface DebianMirrors {
  /** Base addresses or folders without a slash at the end, in the order in which they are asked. */
  readonly bases: readonly string[];
  /** Base of a snapshot archive, asked last. */
  readonly snapshot?: string;
}

export interface MirrorChoice {
  /** --debian-mirror */
  readonly option?: string | undefined;
  /** For NVLAB_DEBIAN_MIRROR: one or more addresses, separated by spaces. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `mirrors` of nvlab.yaml; the option --snapshot-mirror may have been put over it. */
  readonly project?:
    { readonly debian: readonly string[]; readonly snapshot?: string | undefined } | undefined;
  /** What the host's apt knows, asked only when it is needed: see `hostAptTargets`. */
  readonly aptTargets: () => Promise<string>;
}

const debianRelease =
  /^(?:(?:old)*stable|testing|unstable|sid|buster|bullseye|bookworm|trixie|forky|duke)(?:-updates|-backports|-proposed-updates)?$/;

/** Debian mirrors among lines of `apt-get indextargets` as SITE|RELEASE|COMPONENT. */
export function mirrorsOfApt(targets: string): string[] {
  const sites = targets.split("\n").flatMap((line) => {
    const [site = "", release = "", component = ""] = line.split("|");
    return component === "main" && debianRelease.test(release) && /^(https?:|file:)/.test(site) ? [site] : [];
  });
  return [...new Set(sites.map(withoutSlash))];
}

function withoutSlash(base: string): string {
  return base.replace(/\/+$/, "");
}

/**
 * The mirrors to ask: those of the option, else of the environment, else of the project, else of the host's
 * apt. NVLAB_MIRROR_UNKNOWN where none of them names one.
 */
export async function debianMirrors(choice: MirrorChoice): Promise<Result<DebianMirrors>> {
  const words = (text: string | undefined): string[] =>
    (text ?? "").split(/\s+/).filter((word) => word !== "");
  const sources = [
    words(choice.option),
    words(choice.environment.NVLAB_DEBIAN_MIRROR),
    choice.project?.debian ?? [],
  ];
  const named = sources.find((bases) => bases.length > 0)?.map(withoutSlash);
  const wrong = named?.find((base) => !/^(https?:\/\/|file:\/|\/)/.test(base));
  if (wrong !== undefined) {
    return failed({
      code: "NVLAB_MIRROR_UNKNOWN",
      message: `${redact(wrong)} is no base address of a mirror`,
      hint: "give an http://, https:// or file:// address, or an absolute path, of the folder that holds dists/ and pool/",
    });
  }
  const bases = named ?? mirrorsOfApt(await choice.aptTargets());
  const snapshot = choice.project?.snapshot;
  if (bases.length === 0 && snapshot === undefined) {
    return failed({
      code: "NVLAB_MIRROR_UNKNOWN",
      message: "no Debian mirror is known: this host's apt names none",
      hint: "name one with --debian-mirror URL, NVLAB_DEBIAN_MIRROR, or `mirrors: { debian: [URL] }` in nvlab.yaml",
    });
  }
  return ok(snapshot === undefined ? { bases } : { bases, snapshot: withoutSlash(snapshot) });
}

function isSecurity(suite: string): boolean {
  return suite.endsWith("-security");
}

/** Security updates lie in an archive of their own, a sibling of the main one. */
export function baseOfSuite(base: string, suite: string): string {
  return isSecurity(suite) ? `${base}-security` : base;
}

/** Seconds since 1970 as a snapshot archive writes them: 20250520T000000Z */
export function snapshotTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

/** All places of a pool file: the mirrors in order, then the snapshot archive at the time of the lock. */
export function poolPlaces(
  mirrors: DebianMirrors,
  file: { readonly pool: string; readonly suite: string; readonly archiveTime: number | undefined },
): string[] {
  const places = mirrors.bases.map((base) => `${baseOfSuite(base, file.suite)}/${file.pool}`);
  if (mirrors.snapshot !== undefined && file.archiveTime !== undefined) {
    const archive = isSecurity(file.suite) ? "debian-security" : "debian";
    places.push(`${mirrors.snapshot}/archive/${archive}/${snapshotTime(file.archiveTime)}/${file.pool}`);
  }
  return places;
}
