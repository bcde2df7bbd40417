/** True where one SemVer version comes before another (semver.org 2.0.0, section 11). Both are valid. */
export function isOlder(version: string, floor: string): boolean {
  const [one, other] = [split(version), split(floor)];
  for (const index of [0, 1, 2]) {
    const order = compareNumbers(one.core[index] ?? "0", other.core[index] ?? "0");
    if (order !== 0) return order < 0;
  }
  return comparePrerelease(one.prerelease, other.prerelease) < 0;
}

function split(version: string): { core: string[]; prerelease: string[] } {
  const [bare = ""] = version.split("+");
  const dash = bare.indexOf("-");
  const core = dash < 0 ? bare : bare.slice(0, dash);
  return { core: core.split("."), prerelease: dash < 0 ? [] : bare.slice(dash + 1).split(".") };
}

function comparePrerelease(one: readonly string[], other: readonly string[]): number {
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  for (const [index, left] of one.entries()) {
    const right = other[index];
    if (right === undefined) return 1;
    const [number, otherNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (number !== otherNumber) return number ? -1 : 1;
    const order = number ? compareNumbers(left, right) : left < right ? -1 : left > right ? 1 : 0;
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

/** Numbers of any length. */
function compareNumbers(left: string, right: string): number {
  const [one, other] = [left, right].map((text) => text.replace(/^0+(?=\d)/, "")) as [string, string];
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : one > other ? 1 : 0;
}
