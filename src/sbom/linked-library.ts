import type { LockedPackage } from "../lock/lock.ts";
import { debianPurl } from "../release/purl.ts";

/** Code of a library that is in a component's programs because they were linked statically with it. */
export interface LinkedLibrary {
  /** Name of the Debian source package that the code was compiled from, as in glibc. */
  readonly name: string;
  /** Version of that source package. */
  readonly version: string;
  /** Suite of the binary package. */
  readonly suite: string;
  /** SPDX expression. */
  readonly license: string;
  readonly cpe: string;
  /** Binary packages of the root whose archives were linked; their copyright files hold for the code. */
  readonly packages: readonly LockedPackage[];
}

/** What a program was seen to contain, for one machine. */
export interface LinkEvidence {
  /** Architecture by its Debian name. */
  readonly architecture: string;
  readonly library: "c" | "gcc";
}

const libraries = {
  c: {
    package: /^libc6-dev$/,
    source: /^glibc$/,
    license: "LGPL-2.1-or-later",
    cpe: (version: string) => `cpe:2.3:a:gnu:glibc:${version}:*:*:*:*:*:*:*`,
  },
  gcc: {
    package: /^libgcc-[0-9]+-dev$/,
    source: /^gcc-[0-9]+$/,
    license: "GPL-3.0-or-later WITH GCC-exception-3.1",
    cpe: (version: string) => `cpe:2.3:a:gnu:gcc:${version}:*:*:*:*:*:*:*`,
  },
} as const;

/**
 * The library that the evidence speaks of, by the packages of the root in which it was linked. A package for cross
 * building comes from a source package of its own, and names the one with the code in its Built-Using (Debian Policy,
 * section 7.8). Undefined where the root has no package that could have given the library.
 */
export function linkedLibrary(
  evidence: LinkEvidence,
  packages: readonly LockedPackage[],
): LinkedLibrary | undefined {
  const kind = libraries[evidence.library];
  const suffix = `-${evidence.architecture}-cross`;
  const native = packages.find(
    ({ name, architecture }) => kind.package.test(name) && architecture === evidence.architecture,
  );
  const cross = packages.find(
    ({ name }) => name.endsWith(suffix) && kind.package.test(name.slice(0, -suffix.length)),
  );
  const found = cross ?? native;
  if (found === undefined) return undefined;
  const code = codeOf(found, kind.source);
  return {
    ...code,
    suite: found.suite,
    license: kind.license,
    cpe: kind.cpe(upstreamVersion(code.version)),
    packages: [found],
  };
}

/** Package URL of the source package, which is what Debian's security tracker knows. */
export function libraryPurl({ name, version, suite }: LinkedLibrary): string {
  return debianPurl({ name, version, suite, architecture: "source" });
}

function codeOf(found: LockedPackage, source: RegExp): { name: string; version: string } {
  const used = parseBuiltUsing(found.builtUsing ?? "").find(({ name }) => source.test(name));
  return used ?? { name: found.source, version: found.sourceVersion };
}

/** "gcc-14 (= 14.2.0-19), glibc (= 2.41-11)" */
function parseBuiltUsing(text: string): { name: string; version: string }[] {
  return text.split(",").flatMap((part) => {
    const [, name, version] = /^\s*(\S+) \(= ([^)\s]+)\)\s*$/.exec(part) ?? [];
    return name === undefined || version === undefined ? [] : [{ name, version }];
  });
}

/** Without epoch and Debian's revision (deb-version(7)). */
function upstreamVersion(version: string): string {
  return version.replace(/^[0-9]+:/, "").replace(/-[^-]*$/, "");
}
