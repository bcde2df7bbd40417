import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { downloadPath } from "./downloads.ts";
import { fetchFiles } from "./fetch-files.ts";
import { gitPackPath } from "./mirror-layout.ts";
import { mirrorFailure, openMirrors, placesIn } from "./open-mirrors.ts";
import { openNetwork } from "./network.ts";
import { localPath } from "./place.ts";
import { runGit } from "./run-git.ts";
import type { FetchContext } from "./wanted-file.ts";

/**
 * Writes a commit with its whole tree, and nothing of its history, as one git pack (gitformat-pack(5)). The same git
 * writes the same bytes each time: one thread, no deltas, nothing taken over from packs that are there.
 * @param base the pack is written to <base>-<digest>.pack
 * @returns its path
 */
export async function writePack(
  repository: string,
  commit: string,
  base: string,
  context: FetchContext,
): Promise<Result<string>> {
  const listing = await runGit(repository, ["ls-tree", "-r", "-t", "-z", "--full-tree", commit], context);
  const top = await runGit(repository, ["rev-parse", `${commit}^{tree}`], context);
  // A submodule is a commit of another repository: what it holds is no part of this one.
  const below = [...listing.stdout.matchAll(/(?:^|\0)\d+ (?:blob|tree) ([0-9a-f]+)\t/g)].map(([, id]) => id);
  const objects = [...new Set([commit, top.stdout.trim(), ...below])].join("\n");
  const settings = ["-c", "pack.threads=1", "-c", "pack.compression=9"];
  const plain = ["--no-reuse-delta", "--no-reuse-object", "--window=0", "-q"];
  const packed = await runGit(repository, [...settings, "pack-objects", ...plain, base], context, objects);
  if (listing.status === 0 && top.status === 0 && packed.status === 0)
    return ok(`${base}-${packed.stdout.trim()}.pack`);
  return failed({
    code: "NVLAB_ARCHIVE",
    message: `git cannot pack commit ${commit}`,
    details: [listing, top, packed].flatMap(({ stderr }) => stderr.split("\n")).filter((line) => line !== ""),
  });
}

/** Takes a commit's objects from a mirror into a bare repository, as a shallow clone has them. */
export async function takePack(
  repository: string,
  commit: string,
  context: FetchContext,
): Promise<Result<undefined>> {
  const { cacheDir, signal, mirrors = [], offline } = context;
  const network = await openNetwork(context);
  if (!network.ok) return network;
  try {
    const usable = mirrors.filter((base) => !offline || localPath(base) !== undefined);
    const opened = await openMirrors(usable, network.value, signal);
    if (!opened.ok) return opened;
    const path = gitPackPath(commit);
    const { places, refusals } = await placesIn(opened.value, ({ byPath }) => byPath.get(path));
    const named = opened.value.flatMap(({ byPath }) => byPath.get(path) ?? [])[0];
    if (named === undefined || places.length === 0)
      return failed(mirrorFailure(`commit ${commit}`, refusals));
    const { size, sha256 } = named;
    const fetched = await fetchFiles([{ name: path, size, sha256, places }], context);
    if (!fetched.ok) return fetched;
    return await addPack(repository, commit, downloadPath(cacheDir, sha256), context);
  } finally {
    await network.value.close();
  }
}

async function addPack(
  repository: string,
  commit: string,
  pack: string,
  context: FetchContext,
): Promise<Result<undefined>> {
  const folder = join(repository, "objects", "pack");
  await mkdir(folder, { recursive: true });
  const to = join(folder, `pack-${commit}.pack`);
  await copyFile(pack, to);
  // Without this, git would take the commit's parents for objects that were lost.
  const shallow = join(repository, "shallow");
  const known = await readFile(shallow, "utf8").catch(() => "");
  if (!known.includes(commit)) await writeFile(shallow, `${known}${commit}\n`);
  const indexed = await runGit(repository, ["index-pack", "--strict", to], context);
  if (indexed.status !== 0) {
    await rm(to, { force: true });
    if (known === "") await rm(shallow, { force: true });
    else await writeFile(shallow, known);
    return failed({
      code: "NVLAB_ARCHIVE",
      message: `the mirror's pack for commit ${commit} is broken`,
      details: indexed.stderr.split("\n").filter((line) => line !== ""),
    });
  }
  return ok(undefined);
}
