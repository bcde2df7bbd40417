import type { Failure } from "../failure/failure.ts";
import { downloadPath } from "../fetch/downloads.ts";
import { downloadFiles, missingFiles } from "../fetch/fetch-files.ts";
import { mirrorFailure, openMirrors, placesIn } from "../fetch/open-mirrors.ts";
import { openNetwork } from "../fetch/network.ts";
import { localPath } from "../fetch/place.ts";
import type { FetchContext, WantedFile } from "../fetch/wanted-file.ts";
import type { MirrorItem, Place } from "./mirror-item.ts";

/** Takes tarballs from other mirrors by their paths. Their digest is checked when they are placed. */
export async function takeFromMirrors(
  items: readonly MirrorItem[],
  place: Place,
  context: FetchContext,
): Promise<Failure[]> {
  const { mirrors = [], offline, signal, cacheDir } = context;
  const network = await openNetwork(context);
  if (!network.ok) return [...network.failures];
  const failures: Failure[] = [];
  const wanted = new Map<MirrorItem, WantedFile>();
  try {
    const usable = mirrors.filter((base) => !offline || localPath(base) !== undefined);
    const opened = await openMirrors(usable, network.value, signal);
    if (!opened.ok) return [...opened.failures];
    for (const item of items) {
      const { places, refusals } = await placesIn(opened.value, ({ byPath }) => byPath.get(item.path));
      const named = opened.value.flatMap(({ byPath }) => byPath.get(item.path) ?? [])[0];
      if (named === undefined || places.length === 0) failures.push(mirrorFailure(item.path, refusals));
      else wanted.set(item, { name: item.path, size: named.size, sha256: named.sha256, places });
    }
  } finally {
    await network.value.close();
  }
  const files = [...wanted.values()];
  failures.push(...(await downloadFiles(files, context)).failures);
  const lacking = new Set((await missingFiles(files, cacheDir)).map(({ sha256 }) => sha256));
  for (const [item, { name, sha256 }] of wanted) {
    if (lacking.has(sha256)) continue;
    if (await place(item, { from: downloadPath(cacheDir, sha256), share: true })) continue;
    failures.push({
      code: "NVLAB_DIGEST",
      message: `${name}: the mirror has other bytes than package-lock.json asks for`,
      hint: "`nvlab mirror DIR --verify` says what else is wrong there",
    });
  }
  return failures;
}
