import { compareVersions as compareDebian } from "../root/debian-version.ts";

/** How versions are ordered: as dpkg does, as SemVer 2.0 does, or by numbers as most upstreams count. */
export type VersionOrder = "debian" | "semver" | "upstream";

/** Negative where `a` is the older one, 0 where they are the same. */
export function compareIn(order: VersionOrder, a: string, b: string): number {
  switch (order) {
    case "debian":
      return compareDebian(a, b);
    case "semver":
      return compareSemver(a, b);
    case "upstream":
      return compareUpstream(a, b);
  }
}

/** SemVer 2.0, section 11; versions with fewer or more than three numbers are taken as if zeros followed. */
function compareSemver(a: string, b: string): number {
  const [x, y] = [splitSemver(a), splitSemver(b)];
  if (x === undefined || y === undefined) return compareUpstream(a, b);
  const numbers = compareLists(x.numbers, y.numbers, (left, right) => Number(left ?? 0) - Number(right ?? 0));
  if (numbers !== 0) return numbers;
  if (x.pre.length === 0 || y.pre.length === 0) return y.pre.length - x.pre.length;
  return compareLists(x.pre, y.pre, comparePre);
}

function splitSemver(version: string): { numbers: string[]; pre: string[] } | undefined {
  const [, numbers, pre] = /^v?(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(version) ?? [];
  if (numbers === undefined) return undefined;
  return { numbers: numbers.split("."), pre: pre === undefined ? [] : pre.split(".") };
}

function comparePre(a: string | undefined, b: string | undefined): number {
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (left && right) return Number(a) - Number(b);
  if (left !== right) return left ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

const early = /^(?:alpha|beta|dev|pre|preview|rc|a|b|c)$/;

/** Numbers by value, a word for something early (rc, beta) before the end, any other word after it. */
function compareUpstream(a: string, b: string): number {
  return compareLists(tokens(a), tokens(b), (left, right) => {
    if (left === right) return 0;
    const [x, y] = [rank(left), rank(right)];
    if (x !== y) return x - y;
    if (x === 2) return Number(left ?? 0) - Number(right ?? 0);
    return (left ?? "") < (right ?? "") ? -1 : 1;
  });
}

/** "1.1.1k" ends in a letter that counts up; "2.0b3" in one that does not. */
function tokens(version: string): string[] {
  const found =
    plainVersion(version)
      .toLowerCase()
      .match(/\d+|[a-z]+/g) ?? [];
  return found.map((token, index) =>
    /^[abc]$/.test(token) && !/^\d/.test(found[index + 1] ?? "") ? `+${token}` : token,
  );
}

function rank(token: string | undefined): number {
  if (token === undefined || /^0+$/.test(token)) return 2;
  if (/^\d/.test(token)) return 2;
  return early.test(token) ? 1 : 3;
}

/** The version in a git tag or file name: "v6.18.15", "busybox-1_36_0", "U-Boot 2025.01". */
export function plainVersion(text: string): string {
  const version = text.replace(/^[A-Za-z][A-Za-z-]*[-_ ]?(?=\d)/, "");
  return version.includes(".") ? version : version.replaceAll("_", ".");
}

function compareLists<T>(
  a: readonly T[],
  b: readonly T[],
  compare: (left: T | undefined, right: T | undefined) => number,
): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = compare(a[index], b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}
