import { isAbsolute, join, resolve } from "node:path";
import { all, failed, ok, type Result } from "../failure/result.ts";
import { keysOf } from "../image/render.ts";
import { known } from "../recipe/known.ts";
import type { Project } from "../recipe/project.ts";
import { developmentKeyFile, makeDevelopmentKey } from "./development-key.ts";
import { readFitKey, type LoadedFitKey } from "./read-fit-key.ts";
import type { FitKeyFile } from "./request.ts";

interface FitKeyPlaces {
  /** From the command line. */
  readonly given: readonly FitKeyFile[];
  /** Where a relative path of the command line begins. */
  readonly directory: string;
  readonly cacheDir: string;
}

/**
 * The keys that a target's images name: from the command line, else from nvlab.yaml, else a development key, which is
 * made in the cache when it is first wanted. Fails with NVLAB_KEY or NVLAB_KEY_EXPOSED for a file that cannot be used,
 * with NVLAB_USAGE for a key of the command line that no image names.
 */
export async function loadFitKeys(
  project: Project,
  target: string,
  places: FitKeyPlaces,
): Promise<Result<ReadonlyMap<string, LoadedFitKey>>> {
  const images = Object.values(project.targets.get(target)?.value.images ?? {});
  const names = [...new Set(images.flatMap(keysOf).map(({ name }) => name))];
  const unused = places.given.filter(({ name }) => !names.includes(name));
  if (unused.length > 0) {
    return failed(
      ...unused.map(({ name }) => ({
        code: "NVLAB_USAGE" as const,
        message: `--fit-key ${name}=…: no image of ${target} is signed or verified with a key '${name}'`,
        hint: known("keys", names),
      })),
    );
  }
  const loaded = all(await Promise.all(names.map((name) => loadOne(name, project, places))));
  return loaded.ok ? ok(new Map(loaded.value.map((one) => [one.key.name, one]))) : loaded;
}

async function loadOne(
  name: string,
  project: Project,
  { given, directory, cacheDir }: FitKeyPlaces,
): Promise<Result<LoadedFitKey>> {
  const option = given.findLast((one) => one.name === name);
  if (option) return readFitKey(name, resolve(directory, option.file), false);
  const configured = project.file.value["fit-keys"]?.[name];
  if (configured !== undefined) {
    const file = isAbsolute(configured) ? configured : join(project.directory, configured);
    return readFitKey(name, file, false);
  }
  const made = await makeDevelopmentKey(cacheDir, name);
  return made.ok ? readFitKey(name, developmentKeyFile(cacheDir, name), true) : made;
}
