import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { resolveInside } from "./inside.ts";
import { folderInside } from "./merge-tree.ts";

const mergedUsr = ["bin", "sbin", "lib", "lib64"];

/** What a sandbox mounts on: a read-only root cannot make folders later. */
const mountPoints = [
  ...["src", "in", "obj", "out", "tmp", "project", "generated", "run", "proc", "dev", "sys", "config"],
  "var/tmp",
];

const files: Readonly<Record<string, string>> = {
  passwd: "root:x:0:0:root:/root:/usr/sbin/nologin\nnvlab:x:1000:1000:nvlab:/tmp:/bin/bash\n",
  group: "root:x:0:\nnvlab:x:1000:\n",
  hosts: "127.0.0.1 localhost\n::1 localhost\n",
  "resolv.conf": "",
};

/** The links that have to be there before any package: /bin is /usr/bin, and so on. */
export function makeMergedUsr(tree: string): void {
  for (const name of mergedUsr) {
    mkdirSync(join(tree, "usr", name), { recursive: true });
    symlinkSync(`usr/${name}`, join(tree, name));
  }
}

/** Mount points, users and host names, over whatever packages have there. Links of packages stay inside the tree. */
export function makeFixtures(tree: string): Result<undefined> {
  const place = (path: string): string | undefined => {
    const folder = folderInside(tree, `/${path}`);
    return folder === undefined ? undefined : join(folder, basename(path));
  };
  const blocked: Failure[] = [];
  const paths = [...mountPoints, ...Object.keys(files).map((name) => `etc/${name}`)];
  for (const path of paths) {
    const at = place(path);
    const found = at === undefined ? undefined : lstatSync(at, { throwIfNoEntry: false });
    const text = files[path.slice("etc/".length)];
    if (at === undefined || (text !== undefined && found?.isDirectory() === true)) {
      blocked.push({ code: "NVLAB_ARCHIVE", message: `/${path} cannot be made: a package blocks it` });
      continue;
    }
    if (found !== undefined && !found.isDirectory()) rmSync(at);
    if (text === undefined) mkdirSync(at, { recursive: true });
    else writeFileSync(at, text);
  }
  return blocked.length > 0 ? failed(...blocked) : ok(undefined);
}

/** Makes the links that maintainer scripts would make. A link to nothing is a fault of the recipe. */
export function makeLinks(tree: string, links: Readonly<Record<string, string>>): Result<undefined> {
  const failures: Failure[] = [];
  for (const [path, target] of Object.entries(links).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const folder = folderInside(tree, path);
    const at = folder === undefined ? undefined : join(folder, basename(path));
    if (at === undefined || lstatSync(at, { throwIfNoEntry: false })?.isDirectory() === true) {
      failures.push({ code: "NVLAB_ROOT", message: `the link ${path} cannot be made: a folder is there` });
      continue;
    }
    rmSync(at, { force: true });
    symlinkSync(target, at);
  }
  for (const [path, target] of Object.entries(links)) {
    const reached = resolveInside(tree, target.startsWith("/") ? target : join(dirname(path), target));
    if (reached !== undefined && lstatSync(join(tree, reached), { throwIfNoEntry: false }) !== undefined)
      continue;
    failures.push({
      code: "NVLAB_ROOT",
      message: `the link ${path} leads to ${target}, which no package of the root has`,
      hint: "add the package that has it, or take the link out of the root's recipe",
    });
  }
  return failures.length > 0 ? failed(...failures) : ok(undefined);
}

/**
 * Gives every file one of two modes, without setuid, setgid and write bits. Folders stay writable for their
 * owner: who may not write to them may not remove them either.
 * @returns path of something that is neither file, folder nor link, where there is one
 */
export async function setModes(folder: string): Promise<string | undefined> {
  chmodSync(folder, 0o755);
  const folders: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const at = join(folder, entry.name);
    if (entry.isDirectory()) folders.push(at);
    else if (entry.isFile()) chmodSync(at, (lstatSync(at).mode & 0o111) === 0 ? 0o444 : 0o555);
    else if (!entry.isSymbolicLink()) return at;
  }
  // Lets signals and progress through between folders.
  await setImmediate();
  for (const each of folders) {
    const odd = await setModes(each);
    if (odd !== undefined) return odd;
  }
  return undefined;
}
