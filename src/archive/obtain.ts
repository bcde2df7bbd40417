import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Failure } from "../failure/failure.ts";
import { downloadPath, setAside } from "../fetch/downloads.ts";
import { downloadFiles, missingFiles } from "../fetch/fetch-files.ts";
import { writePack } from "../fetch/git-pack.ts";
import { fetchGit } from "../fetch/git-tree.ts";
import type { FetchContext } from "../fetch/wanted-file.ts";
import type { MirrorItem, Origin, Place } from "./mirror-item.ts";
import { fillNpmCache, npmContentPath } from "./npm-cache.ts";
import { takeFromMirrors } from "./npm-from-mirrors.ts";

type ItemOf<T extends Origin["type"]> = MirrorItem & { readonly origin: Extract<Origin, { type: T }> };

function ofType<T extends Origin["type"]>(items: readonly MirrorItem[], type: T): ItemOf<T>[] {
  return items.filter((item): item is ItemOf<T> => item.origin.type === type);
}

/** Gets items from the cache, from npm's cache and from the network, and places them as they come. */
export async function obtain(
  items: readonly MirrorItem[],
  place: Place,
  work: string,
  context: FetchContext,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const item of ofType(items, "text")) {
    const content = item.origin.text;
    const sha256 = createHash("sha256").update(content).digest("hex");
    await place(item, {
      from: "",
      text: { content, size: Buffer.byteLength(content), sha256 },
      share: false,
    });
  }
  failures.push(...(await obtainFiles(ofType(items, "file"), place, context)));
  for (const item of ofType(items, "git")) {
    if (context.signal.aborted) break;
    const repository = await fetchGit(item.origin.locked, context);
    const { commit } = item.origin.locked;
    const pack = repository.ok
      ? await writePack(repository.value, commit, join(work, commit), context)
      : repository;
    if (pack.ok) await place(item, { from: pack.value, share: false });
    else failures.push(...pack.failures);
  }
  failures.push(...(await obtainNpm(ofType(items, "npm"), place, context)));
  return failures;
}

async function obtainFiles(
  items: readonly ItemOf<"file">[],
  place: Place,
  context: FetchContext,
): Promise<Failure[]> {
  const { cacheDir } = context;
  const failures: Failure[] = [];
  let wanted = items;
  // What the cache turns out to hold with other bytes is set aside, and fetched in a second round.
  for (let round = 0; round < 2 && wanted.length > 0; round += 1) {
    const { failures: failed } = await downloadFiles(
      wanted.map(({ origin }) => origin.wanted),
      context,
    );
    failures.push(...failed);
    const absent = await missingFiles(
      wanted.map(({ origin }) => origin.wanted),
      cacheDir,
    );
    const lacking = new Set(absent.map(({ sha256 }) => sha256));
    const bad: ItemOf<"file">[] = [];
    for (const item of wanted) {
      const { sha256 } = item.origin.wanted;
      if (lacking.has(sha256) || context.signal.aborted) continue;
      const from = downloadPath(cacheDir, sha256);
      if (await place(item, { from, share: true })) continue;
      await setAside(cacheDir, from, sha256);
      bad.push(item);
    }
    wanted = bad;
  }
  for (const { origin } of wanted) {
    failures.push({
      code: "NVLAB_DIGEST",
      message: `${origin.wanted.name}: what was downloaded changed on the disk`,
      hint: "check the disk of the cache",
    });
  }
  return failures;
}

async function obtainNpm(
  items: readonly ItemOf<"npm">[],
  place: Place,
  context: FetchContext,
): Promise<Failure[]> {
  if (items.length === 0 || context.signal.aborted) return [];
  if ((context.mirrors ?? []).length > 0) return takeFromMirrors(items, place, context);
  const cache = await fillNpmCache(
    items.map(({ origin }) => origin.npm),
    context,
  );
  if (!cache.ok) return [...cache.failures];
  const failures: Failure[] = [];
  for (const item of items) {
    const { name, version, sha512 } = item.origin.npm;
    const from = npmContentPath(cache.value, sha512);
    if (existsSync(from) && (await place(item, { from, share: false }))) continue;
    failures.push({
      code: "NVLAB_DIGEST",
      message: `${name}@${version}: the registry gives other bytes than package-lock.json asks for`,
      hint: "`npm cache verify` mends npm's cache; otherwise find out who changed the package",
    });
  }
  return failures;
}
