import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import type { LockedGit } from "../lock/lock.ts";
import { fetchCommit } from "./git-repository.ts";
import { redact } from "./place.ts";
import { runCommand } from "./run-command.ts";
import { runGit } from "./run-git.ts";
import type { FetchContext } from "./wanted-file.ts";

interface TreeEntry {
  readonly mode: string;
  readonly object: string;
  readonly path: string;
}

/** Reads `git ls-tree -r -z`: <mode> <type> <object>\t<path>. Submodules count by their commit alone. */
export function parseTree(listing: string): TreeEntry[] {
  return listing
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const tab = line.indexOf("\t");
      const [head, path] = [line.slice(0, tab), line.slice(tab + 1)];
      const [mode = "", , object = ""] = head.split(" ");
      return { mode, object, path };
    });
}

/** SHA-256 of each blob, by its object name: git's own SHA-1 names are no proof of the content. */
function blobDigests(
  repository: string,
  objects: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  return new Promise((done, fail) => {
    const child = spawn("git", ["--git-dir", repository, "cat-file", "--batch"], {
      stdio: ["pipe", "pipe", "ignore"],
      signal,
    });
    const digests = new Map<string, string>();
    let waiting: Buffer = Buffer.alloc(0);
    let blob: { object: string; left: number; hash: ReturnType<typeof createHash> } | undefined;
    child.stdout.on("data", (chunk: Buffer) => {
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      for (;;) {
        if (blob === undefined) {
          const end = waiting.indexOf(10);
          if (end < 0) return;
          const [object = "", , size = "0"] = waiting.subarray(0, end).toString().split(" ");
          blob = { object, left: Number(size), hash: createHash("sha256") };
          waiting = waiting.subarray(end + 1);
        }
        const part = waiting.subarray(0, blob.left);
        blob.hash.update(part);
        blob.left -= part.length;
        waiting = waiting.subarray(part.length);
        // A line feed ends each object.
        if (blob.left > 0 || waiting.length === 0) return;
        waiting = waiting.subarray(1);
        digests.set(blob.object, blob.hash.digest("hex"));
        blob = undefined;
      }
    });
    child.on("error", fail);
    child.on("close", () => {
      done(digests);
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(objects.map((object) => `${object}\n`).join(""));
  });
}

/** Digest over the sorted names, modes and contents of a commit's tree. */
export async function treeDigest(
  repository: string,
  commit: string,
  context: FetchContext,
): Promise<Result<string>> {
  const listing = await runGit(repository, ["ls-tree", "-r", "-z", "--full-tree", commit], context);
  if (listing.status !== 0) {
    return failed({
      code: "NVLAB_ARCHIVE",
      message: `git cannot list commit ${commit}`,
      details: [listing.stderr.trim()],
    });
  }
  const entries = parseTree(listing.stdout).sort((a, b) =>
    Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
  );
  const blobs = [...new Set(entries.filter(({ mode }) => mode !== "160000").map(({ object }) => object))];
  const digests = await blobDigests(repository, blobs, context.signal);
  const hash = createHash("sha256");
  for (const { mode, path, object } of entries) {
    hash.update(`${mode} ${digests.get(object) ?? object} ${path}\0`);
  }
  return ok(hash.digest("hex"));
}

/** Has a locked commit in the cache, and checks that its tree is the locked one. Returns the bare repository. */
export async function fetchGit(locked: LockedGit, context: FetchContext): Promise<Result<string>> {
  const repository = await fetchCommit(locked.url, locked.commit, context);
  if (!repository.ok) return repository;
  const tree = await treeDigest(repository.value, locked.commit, context);
  if (!tree.ok || tree.value === locked.tree) return tree.ok ? repository : tree;
  return failed({
    code: "NVLAB_DIGEST",
    message: `commit ${locked.commit} of ${redact(locked.url)} has another tree than the locked one`,
    hint: "if the change is known and wanted, lock it anew: nvlab lock --update NAME",
    details: [`locked: ${locked.tree}`, `found: ${tree.value}`],
  });
}

/** Writes the files of a commit into a folder; neither `.git` nor anything of git's settings goes there. */
export async function checkoutGit(
  repository: string,
  commit: string,
  to: string,
  context: FetchContext,
): Promise<Result<undefined>> {
  await mkdir(to, { recursive: true });
  const index = join(context.cacheDir, "tmp", `index-${process.pid}-${Date.now()}`);
  const environment = {
    PATH: context.environment.PATH,
    GIT_INDEX_FILE: index,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
  const git = (...args: string[]): ReturnType<typeof runCommand> =>
    runCommand("git", ["--git-dir", repository, "--work-tree", to, ...args], {
      environment,
      signal: context.signal,
      cwd: to,
    });
  const read = await git("read-tree", commit);
  const written = read.status === 0 ? await git("checkout-index", "--all", "--force") : read;
  await rm(index, { force: true });
  if (written.status === 0) return ok(undefined);
  return failed({
    code: "NVLAB_ARCHIVE",
    message: `git cannot write the files of commit ${commit}`,
    details: written.stderr.split("\n").filter((line) => line !== ""),
  });
}
