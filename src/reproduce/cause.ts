/** A known reason for differing bytes, and what mends it. */
export interface Cause {
  readonly cause: string;
  /** What was found in either file, without control characters. */
  readonly found: readonly [string, string];
  readonly remedy: string;
}

/** Texts that only one rebuild's surroundings had, by which what leaked is known. */
export interface Marks {
  readonly paths: readonly string[];
  readonly hostnames: readonly string[];
  readonly homes: readonly string[];
  readonly environment: readonly string[];
  readonly users: readonly string[];
  /** Numbers of CPUs of either build. */
  readonly cpus: readonly [string, string];
  readonly locales: readonly string[];
  /** Years that clocks showed. */
  readonly years: readonly string[];
}

interface Known {
  readonly cause: string;
  readonly remedy: string;
  readonly matches: (one: string, other: string, marks: Marks) => boolean;
}

const anyOf =
  (...texts: readonly string[]) =>
  (words: readonly string[]): boolean =>
    words.some((word) => word !== "" && texts.some((text) => text.includes(word)));

const both =
  (pattern: RegExp) =>
  (one: string, other: string): boolean => {
    const [a, b] = [pattern.exec(one)?.[0], pattern.exec(other)?.[0]];
    return a !== undefined && b !== undefined && a !== b;
  };

const dates =
  /\b(?:19|20|21)\d\d-\d\d-\d\d\b|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2}\b|\b\d\d:\d\d:\d\d\b|\b1[6-9]\d{8}\b|\b20\d\d\b/;

/** The most telling first. */
const known: readonly Known[] = [
  {
    cause: "the path of the build",
    remedy:
      "relative paths, or -ffile-prefix-map=/src=. and --remap-path-prefix for what compilers write down",
    matches: (one, other, { paths }) => anyOf(one, other)(paths),
  },
  {
    cause: "the name of the host",
    remedy:
      "a fixed name: KBUILD_BUILD_HOST for Kbuild, -DHOSTNAME=… or no `hostname` and `uname -n` in makefiles",
    matches: (one, other, { hostnames }) => anyOf(one, other)(hostnames),
  },
  {
    cause: "the home folder",
    remedy: "no $HOME and ~ in what is written; HOME=/tmp in the recipe's environment",
    matches: (one, other, { homes }) => anyOf(one, other)(homes),
  },
  {
    cause: "a variable of the environment, or PATH",
    remedy: "only the variables that the recipe sets: no `env` and `set` in what is written",
    matches: (one, other, { environment }) => anyOf(one, other)(environment),
  },
  {
    cause: "the release of the running kernel",
    remedy: "no `uname` in the build; the version of the kernel that is built comes from its own tree",
    matches: both(/\b\d+\.\d+\.\d+[\w.+-]*/),
  },
  {
    cause: "the time zone",
    remedy: "times in UTC: TZ=UTC, `date -u`, gmtime in place of localtime",
    matches: both(/[+-](?:0\d|1[0-4]):?[0-5]\d\b/),
  },
  {
    cause: "a date or time",
    remedy:
      "SOURCE_DATE_EPOCH in its place; for Kbuild KBUILD_BUILD_TIMESTAMP; `gzip -n`, `tar --mtime`, `ar D` for archives",
    matches: (one, other, { years }) => both(dates)(one, other) || anyOf(one, other)(years),
  },
  {
    cause: "a random id",
    remedy:
      "an id derived from names: mke2fs -U and -E hash_seed, mkfs.vfat --invariant -i, --build-id=sha1 or none",
    matches: both(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/i),
  },
  {
    cause: "an address in memory",
    remedy: "no %p in what is written, and no order by addresses: hash tables by pointer",
    matches: both(/\b(?:0x)?(?:7[ef]|5[56])[0-9a-f]{8,12}\b/),
  },
  {
    cause: "the number of CPUs",
    remedy:
      "one thread, or a mode whose output does not depend on threads: zstd --single-thread, xz -T1, pahole -j1",
    matches: (one, other, { cpus: [a, b] }) =>
      a !== b && new RegExp(`\\b${a}\\b`).test(one) && new RegExp(`\\b${b}\\b`).test(other),
  },
  {
    cause: "the modes of files under another umask",
    remedy: "umask 022 at the start of a script; `tar --mode=go=rX,u+rw`, `install -m` in place of cp",
    matches: both(/\b0?(?:100)?(?:6[046][046]|7[057][057])\b|\b00?[027][27]\b|[-dl](?:[r-][w-][x-]){3}/),
  },
  {
    cause: "the user or group",
    remedy: "`tar --owner=0 --group=0 --numeric-owner`; KBUILD_BUILD_USER for Kbuild; no `whoami` and `id`",
    matches: (one, other, { users }) =>
      users.some((user) =>
        [one, other].some((text) => new RegExp(`(?<![\\w-])${user}(?![\\w-])`).test(text)),
      ),
  },
  {
    cause: "a random number",
    remedy:
      "a seed that is fixed, or no random part: -frandom-seed=, PYTHONHASHSEED=0, no keys made while building",
    matches: both(/\b[0-9a-f]{16,}\b/i),
  },
];

/**
 * Likely causes of a difference between two texts from the same place of two files. At most one of each pair; none
 * where nothing is known.
 */
export function likelyCause(one: string, other: string, marks: Marks): Cause | undefined {
  const found = known.find(({ matches }) => matches(one, other, marks));
  return found && { cause: found.cause, remedy: found.remedy, found: [shown(one), shown(other)] };
}

const longest = 100;

/** Control characters could drive a terminal: they are replaced. */
export function shown(text: string): string {
  const plain = text.replace(/\p{C}+/gu, "·").trim();
  return plain.length > longest ? `${plain.slice(0, longest - 1)}…` : plain;
}
