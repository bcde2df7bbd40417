import { failed, ok, type Result } from "../failure/result.ts";
import { askAfter } from "../fetch/answering.ts";
import { poolPlaces, type DebianMirrors } from "../fetch/debian-mirrors.ts";
import type { FetchContext } from "../fetch/wanted-file.ts";
import type { LockedPackage, LockedRoot } from "../lock/lock.ts";
import { rootRecipeDigest } from "../lock/recipe-digest.ts";
import type { RootRecipe } from "../recipe/schema/root.ts";
import { listed, lockedPackage, shown } from "./apt-records.ts";
import type { AptRoot } from "./apt-root.ts";
import type { AptSession } from "./apt-session.ts";
import { keepNothing, keepPackages } from "./kept-packages.ts";
import { solve, unlessInterrupted, type Solution } from "./solve.ts";
import { field } from "./stanza.ts";

export interface ResolveTools {
  readonly mirrors: DebianMirrors;
  readonly apt: AptSession;
  readonly context: FetchContext;
}

/** The indexes' entries for what apt chose; the first suite of the recipe that lists a version names it. */
async function entriesOf(
  apt: AptRoot,
  recipe: RootRecipe,
  chosen: readonly { name: string; version: string }[],
): Promise<Map<string, LockedPackage>> {
  const places = await listed(
    apt,
    chosen.map(({ name }) => name),
  );
  const entries = new Map<string, LockedPackage>();
  for (const stanza of await shown(apt, chosen)) {
    const [name, version] = [field(stanza, "Package"), field(stanza, "Version")];
    const suite = recipe.suites.find((candidate) =>
      places.some((entry) => entry.name === name && entry.version === version && entry.suite === candidate),
    );
    const entry = suite === undefined ? undefined : lockedPackage(stanza, suite);
    if (entry !== undefined && !entries.has(name)) entries.set(name, entry);
  }
  return entries;
}

/** What stays of an earlier resolution. */
interface Kept {
  readonly packages: readonly LockedPackage[];
  /** Archive time of that resolution; undefined where there was none. */
  readonly archiveTime: number | undefined;
}

const nothingKept: Kept = { packages: [], archiveTime: undefined };

async function chooseAmong(
  recipe: RootRecipe,
  apt: AptRoot,
  kept: Kept,
  { mirrors, context }: ResolveTools,
): Promise<Result<LockedRoot>> {
  const forbidden = new Set<string>();
  for (let round = 0; round < mostRounds; round += 1) {
    const solution = await solve(apt, {
      packages: recipe.packages,
      forbidden,
      keep: kept.packages.length > 0,
    });
    if (!solution.ok) return withGone(solution, forbidden);
    const root = await collect(recipe, apt, kept, solution.value);
    if (!root.ok) return root;
    const { packages, archiveTime } = root.value;
    const places = packages.map((entry) => poolPlaces(mirrors, { archiveTime, ...entry }));
    const answers = await askAfter(places, context);
    if (!answers.ok) return answers;
    const gone = packages.filter((_, index) => answers.value[index]?.present === false);
    if (gone.length === 0) return root;
    const built = new Set(gone.map(({ source, sourceVersion }) => `${source} ${sourceVersion}`));
    // Packages of one source ask for each other's exact version, so they go together.
    for (const { name, version, source, sourceVersion } of packages) {
      if (built.has(`${source} ${sourceVersion}`)) forbidden.add(`${name}=${version}`);
    }
    for (const { name, version } of gone) {
      const message = `the mirror lists ${name} ${version} and does not have the file: taking another version`;
      context.emit({ type: "notice", level: "warning", message });
    }
  }
  return withGone(failed(), forbidden);
}

const mostRounds = 8;

function withGone<T>(result: Result<T>, forbidden: ReadonlySet<string>): Result<T> {
  if (result.ok || forbidden.size === 0) return result;
  return failed(
    {
      code: "NVLAB_RESOLVE",
      message: "the mirror lists files that it does not have, and there is no other version of them",
      hint: "wait until the mirror is whole again, or name another one with --debian-mirror",
      details: [...forbidden].sort(),
    },
    ...result.failures,
  );
}

/** What stays and what is new, as the lock holds it. What is new carries its own archive time where the root's is older. */
async function collect(
  recipe: RootRecipe,
  apt: AptRoot,
  kept: Kept,
  solution: Solution,
): Promise<Result<LockedRoot>> {
  const entries = await entriesOf(apt, recipe, solution.install);
  const lost = solution.install.filter(({ name }) => !entries.has(name));
  if (lost.length > 0) {
    return failed({
      code: "NVLAB_RESOLVE",
      message: `the mirror's index gives no digest for ${lost.map(({ name }) => name).join(", ")}`,
      hint: "use a mirror with complete indexes",
    });
  }
  const dropped = new Set([...solution.remove, ...entries.keys()]);
  const staying = kept.packages.filter(({ name }) => !dropped.has(name));
  const archiveTime = staying.length > 0 ? (kept.archiveTime ?? apt.archiveTime) : apt.archiveTime;
  const own = archiveTime === apt.archiveTime ? {} : { archiveTime: apt.archiveTime };
  const fresh = [...entries.values()].map((entry) => ({ ...entry, ...own }));
  const packages = [...fresh, ...staying]
    .filter(({ name }) => !recipe.exclude.includes(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return ok({ recipe: rootRecipeDigest(recipe), archiveTime, packages });
}

/**
 * Chooses the packages of a root with apt, and checks that the mirror really gives each file.
 * @param previous an earlier resolution: what of it the mirror still has stays, where apt finds a way
 */
export async function resolveRoot(
  recipe: RootRecipe,
  tools: ResolveTools,
  previous?: LockedRoot,
): Promise<Result<LockedRoot>> {
  const apt = await tools.apt.open(recipe.suites, "deb");
  if (!apt.ok) return apt;
  const { signal } = tools.context;
  if (previous !== undefined) {
    const packages = await keepPackages(apt.value, recipe, previous, tools.mirrors, tools.context);
    if (!packages.ok) return packages;
    const kept = { packages: packages.value, archiveTime: previous.archiveTime };
    const result = await chooseAmong(recipe, apt.value, kept, tools);
    await keepNothing(apt.value);
    if (result.ok || signal.aborted) return unlessInterrupted(result, signal);
  }
  return unlessInterrupted(await chooseAmong(recipe, apt.value, nothingKept, tools), signal);
}
