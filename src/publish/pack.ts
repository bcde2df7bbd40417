import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { create } from "tar";
import { failed, ok, type Result } from "../failure/result.ts";
import { manifestName } from "../release/known-files.ts";
import type { Manifest } from "../release/manifest.ts";
import { readManifest } from "../release/read-manifest.ts";
import { temporaryName } from "../release/temporary-name.ts";
import { walkTree } from "../store/walk-tree.ts";
import { publishing } from "./publishing.ts";

export interface PackedRelease {
  /** Absolute path of the archive. */
  readonly path: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Packs a release folder into one file beside it, <project>-<version>-<target>.tar.gz, which has the same bytes whoever
 * packs it and whenever: names sorted by bytes, no owner, the build's epoch as every time, modes by kind of file. Replaces
 * an earlier archive by a rename. Compression is zlib's, so another version of Node may give other bytes of the same tar.
 */
export function packRelease(folder: string): Promise<Result<PackedRelease>> {
  return publishing(dirname(folder), async () => {
    const manifest = await readOwn(folder);
    if (!manifest.ok) return manifest;
    return ok(await pack(folder, manifest.value));
  });
}

/** Packs anew a release that was packed before and has got signatures since; undefined where there is no archive. */
export function repackRelease(folder: string): Promise<Result<PackedRelease | undefined>> {
  return publishing(dirname(folder), async () => {
    const manifest = await readOwn(folder);
    if (!manifest.ok) return manifest;
    return ok(
      existsSync(archivePath(folder, manifest.value)) ? await pack(folder, manifest.value) : undefined,
    );
  });
}

async function readOwn(folder: string): Promise<Result<Manifest>> {
  const text = await readFile(join(folder, manifestName), "utf8").catch(() => "");
  const { manifest } = readManifest(text);
  if (manifest !== undefined) return ok(manifest);
  return failed({
    code: "NVLAB_RELEASE",
    message: `${join(folder, manifestName)} is not a manifest that could be packed`,
    hint: `nvlab verify ${folder} says what is wrong`,
  });
}

function archiveStem({ project, releaseVersion, target }: Manifest): string {
  return `${project.name}-${releaseVersion}-${target}`;
}

function archivePath(folder: string, manifest: Manifest): string {
  return join(dirname(folder), `${archiveStem(manifest)}.tar.gz`);
}

async function pack(folder: string, manifest: Manifest): Promise<PackedRelease> {
  const path = archivePath(folder, manifest);
  const temporary = join(dirname(folder), temporaryName());
  try {
    await create(
      {
        file: temporary,
        cwd: folder,
        prefix: archiveStem(manifest),
        gzip: { level: 6 },
        portable: true,
        noDirRecurse: true,
        mtime: new Date(manifest.epoch * 1000),
        strict: true,
        // Called before the header is made of it: no umask has a say.
        onWriteEntry: ({ stat }) => {
          if (stat) stat.mode = stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o755 : 0o644;
        },
      },
      contentsOf(folder),
    );
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return { path, sha256: await digestOf(path) };
}

/** Files and folders, by bytes; what is half written is none of it. */
function contentsOf(folder: string): string[] {
  const paths = [...walkTree(folder, (name) => !name.startsWith(".nvlab-"))].flatMap(({ path, type }) =>
    path !== "" && (type === "file" || type === "folder") ? [path] : [],
  );
  return paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
