/**
 * Names of a package under which an advisory and a component meet. A component has several, an advisory's package
 * too; one in common is enough. All are lower case.
 */

/** A package URL without its version, as ECMA-427 compares them. */
export function purlKey(type: string, namespace: string | undefined, name: string): string {
  return `purl:${[type, namespace, name].filter((part) => part).join("/")}`.toLowerCase();
}

/** A package of one of OSV's ecosystems. */
export function ecosystemKey(ecosystem: string, name: string): string {
  return `osv:${ecosystem}:${name}`.toLowerCase();
}

/** Vendor and product of a CPE 2.3 name or of a CVE record. */
export function productKey(vendor: string, product: string): string {
  return `product:${vendor}:${product}`.toLowerCase().replaceAll(" ", "_");
}

/** A git repository, by host and path. */
export function repositoryKey(url: string): string | undefined {
  const bare = url
    .trim()
    .toLowerCase()
    .replace(/^git\+/, "")
    .replace(/^(?:https?|git|ssh):\/\/(?:[^/@]*@)?/, "")
    .replace(/^git@([^:/]+):/, "$1/")
    .replace(/@[^@/]*$/, "")
    .replace(/[#?].*$/, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
  return /^[^/\s]+\.[^/\s]+\/\S+$/.test(bare) ? `git:${bare}` : undefined;
}

/** A Debian source package in a release ("13"); "*" for a record that means all, "?" where the release is unknown. */
export function debianKey(release: string, source: string): string {
  return `debian:${release}:${source}`.toLowerCase();
}

/** An upstream project by the name that Debian's source package has too. */
export function upstreamKey(name: string): string {
  return `upstream:${name}`.toLowerCase();
}

const releases: Readonly<Record<string, string>> = {
  buster: "10",
  bullseye: "11",
  bookworm: "12",
  trixie: "13",
  forky: "14",
  duke: "15",
  unstable: "sid",
};

/** Number of a Debian release, from its name ("trixie", "trixie-backports") or from a distro qualifier ("debian-13.1"). */
export function debianRelease(text: string): string {
  const name = text.toLowerCase().replace(/^debian[-:]?/, "");
  return releases[name.replace(/-.*$/, "")] ?? name.replace(/[.-].*$/, "");
}

const kernel = [
  productKey("linux", "linux_kernel"),
  productKey("linux", "linux"),
  ecosystemKey("Linux", "Kernel"),
  ecosystemKey("Linux", "linux"),
  "git:git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux",
  "git:git.kernel.org/pub/scm/linux/kernel/git/stable/linux",
  "git:github.com/torvalds/linux",
];

/** The keys and every other name that the same project is known by. */
export function withOtherNames(keys: readonly string[]): string[] {
  const bare = [purlKey("generic", undefined, "linux"), upstreamKey("linux")];
  const isKernel = keys.some((key) => kernel.includes(key) || bare.includes(key));
  return [...new Set(isKernel ? [...keys, ...kernel] : keys)];
}
