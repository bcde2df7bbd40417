import type { PackageFacts, SourceFacts } from "./facts.ts";

/**
 * Package URLs (ECMA-427, github.com/package-url/purl-spec). An archive or commit on GitHub has the type made for
 * it. Everything else from upstream is generic with its digest: calling upstream's archive a Debian package would
 * claim Debian's patches, which are not in it.
 */
export function sourcePurl(name: string, version: string, source: SourceFacts): string | undefined {
  switch (source.type) {
    case "local":
      return undefined;
    case "git": {
      const repository = githubRepository(source.url);
      if (repository !== undefined) return `pkg:github/${repository}@${source.commit}`;
      return generic(name, version, { vcs_url: `git+${source.url}@${source.commit}` });
    }
    case "archive": {
      for (const place of source.places) {
        const tagged = githubArchive(place);
        if (tagged !== undefined) return tagged;
      }
      const url = source.places.find((place) => place.includes("://"));
      return generic(name, version, {
        checksum: `sha256:${source.sha256}`,
        ...(url === undefined ? {} : { download_url: url }),
      });
    }
  }
}

/** A binary package of Debian. The distro qualifier is the release, which a backports suite belongs to as well. */
export function debianPurl(debian: PackageFacts): string {
  const distro = debian.suite.replace(/-.*$/, "");
  return `pkg:deb/debian/${encode(debian.name)}@${encode(debian.version)}?arch=${debian.architecture}&distro=${encode(distro)}`;
}

function generic(name: string, version: string, qualifiers: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(qualifiers).sort(([a], [b]) => (a < b ? -1 : 1));
  const query = sorted.map(([key, value]) => `${key}=${encode(value)}`).join("&");
  return `pkg:generic/${encode(name)}@${encode(version)}?${query}`;
}

/** owner/name in lower case, as the type asks for, from any of the forms in which git takes the address. */
function githubRepository(url: string): string | undefined {
  const found =
    /^(?:https?:\/\/|git:\/\/|ssh:\/\/git@|git@)github\.com[/:]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(url);
  return found === null ? undefined : `${encode(found[1] ?? "")}/${encode(found[2] ?? "")}`.toLowerCase();
}

function githubArchive(url: string): string | undefined {
  const found =
    /^https?:\/\/github\.com\/([\w.-]+)\/([\w.-]+)\/archive\/(?:refs\/(?:tags|heads)\/)?(.+?)\.(?:tar\.gz|zip)$/.exec(
      url,
    );
  const release = /^https?:\/\/github\.com\/([\w.-]+)\/([\w.-]+)\/releases\/download\/([^/]+)\/[^/]+$/.exec(
    url,
  );
  const [, owner, name, tag] = found ?? release ?? [];
  if (owner === undefined || name === undefined || tag === undefined) return undefined;
  return `pkg:github/${`${encode(owner)}/${encode(name)}`.toLowerCase()}@${encode(decodeURIComponent(tag))}`;
}

/** Percent-encoding of purl: like encodeURIComponent, but a colon stays. */
function encode(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%3A", ":")
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
