import { lstatSync } from "node:fs";
import { takingTurns } from "./turn.ts";
import { walkTree } from "./walk-tree.ts";

/** Bytes that files take, where hard links share them. */
export interface DiskUse {
  /** Adds a tree or a file under a key. */
  add(key: string, path: string): Promise<void>;
  /** All that was added and not removed, each inode once. */
  total(): number;
  /** Takes a key out again. Returns the bytes that no other key shares. */
  remove(key: string): number;
}

interface Shared {
  readonly size: number;
  links: number;
}

/** Throws system errors. */
export function measureDisk(): DiskUse {
  const turn = takingTurns();
  const inodes = new Map<number, Shared>();
  const keys = new Map<string, { own: number; shared: number[] }>();
  let total = 0;
  return {
    add: async (key, path) => {
      const held = { own: 0, shared: [] as number[] };
      keys.set(key, held);
      if (!lstatSync(path).isDirectory()) held.own = lstatSync(path).size;
      else
        for (const { type, stats } of walkTree(path)) {
          await turn();
          if (type === "folder") continue;
          if (stats.nlink === 1) {
            held.own += stats.size;
            continue;
          }
          held.shared.push(stats.ino);
          const known = inodes.get(stats.ino);
          if (known) known.links += 1;
          else {
            inodes.set(stats.ino, { size: stats.size, links: 1 });
            total += stats.size;
          }
        }
      total += held.own;
    },
    total: () => total,
    remove: (key) => {
      const held = keys.get(key);
      if (!held) return 0;
      keys.delete(key);
      let freed = held.own;
      for (const inode of held.shared) {
        const known = inodes.get(inode);
        if (!known) continue;
        known.links -= 1;
        if (known.links === 0) freed += known.size;
      }
      total -= freed;
      return freed;
    },
  };
}
