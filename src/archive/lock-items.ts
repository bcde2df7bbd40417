import type { DebianMirrors } from "../fetch/debian-mirrors.ts";
import { gitPackPath } from "../fetch/mirror-layout.ts";
import type { WantedFile } from "../fetch/wanted-file.ts";
import type { Lock } from "../lock/lock.ts";
import { rootWantedFiles, sourceWantedFile } from "../root/wanted-files.ts";
import type { MirrorItem } from "./mirror-item.ts";

/** Whether something of the lock is asked for. Without names, everything is. */
export type Choice = (...names: readonly string[]) => boolean;

/**
 * Every file that a lock names. Debian's files lie as in a Debian mirror, so that one serves both ways; others, and
 * other bytes under a name that is taken, below their digest.
 */
export function lockItems(lock: Lock, debian: DebianMirrors, choose: Choice): MirrorItem[] {
  const items = new Map<string, MirrorItem>();
  const taken = new Map<string, string>();
  const add = (
    kind: "source" | "package",
    wanted: WantedFile,
    pool: string | undefined,
    why: string,
  ): void => {
    const known = items.get(wanted.sha256);
    if (known !== undefined) {
      if (!known.for.includes(why)) items.set(wanted.sha256, { ...known, for: [...known.for, why] });
      return;
    }
    const apart = `sources/${wanted.sha256}/${wanted.name}`;
    const path = pool === undefined || taken.has(pool) ? apart : pool;
    taken.set(path, wanted.sha256);
    items.set(wanted.sha256, { path, kind, for: [why], origin: { type: "file", wanted } });
  };
  const packs = new Map<string, MirrorItem>();
  for (const [key, locked] of Object.entries(lock.sources)) {
    if (!choose(key, key.split("/")[0] ?? key)) continue;
    const why = `source ${key}`;
    if (locked.type === "archive") {
      add("source", sourceWantedFile(locked, debian), locked.pool, why);
      continue;
    }
    const path = gitPackPath(locked.commit);
    const asked = packs.get(path)?.for ?? [];
    packs.set(path, { path, kind: "git", for: [...asked, why], origin: { type: "git", locked } });
  }
  for (const [name, root] of Object.entries(lock.roots)) {
    if (!choose(name)) continue;
    rootWantedFiles(root, debian).forEach((wanted, index) => {
      add("package", wanted, root.packages[index]?.pool, `root ${name}`);
    });
  }
  return [...items.values(), ...packs.values()];
}
