import type { InitramfsEntry } from "../recipe/schema/image.ts";
import { guestPath, parentsOf } from "./initramfs-list.ts";

/** A fault of an entry: its index in the list, so that the loader can give its place in the file. */
export interface EntryFault {
  readonly entry: number;
  readonly message: string;
}

/**
 * What is wrong with a list of initramfs entries although each is well formed: a path given twice, a path
 * below something that is no folder, names that gen_init_cpio's list cannot hold.
 */
export function checkEntries(entries: readonly InitramfsEntry[]): EntryFault[] {
  const faults: EntryFault[] = [];
  const seen = new Map<string, number>();
  for (const [index, entry] of entries.entries()) {
    const path = guestPath(entry);
    const fault = (message: string): number => faults.push({ entry: index, message });
    if (path === "/" && !("dir" in entry || "tree" in entry)) fault("/ is always a folder");
    if (!("tree" in entry)) {
      const earlier = seen.get(path);
      if (earlier === undefined) seen.set(path, index);
      else fault(`${path} is already given by entry ${earlier + 1}`);
    }
    if ("link" in entry && /\s/.test(entry.to)) fault(`the target of ${path} has a space in it`);
    if ("from" in entry && entry.from !== undefined && /\s|\$\{/.test(entry.from)) {
      fault(`${entry.from}: a file for the initramfs may have no spaces or \${ in its name`);
    }
  }
  for (const [index, entry] of entries.entries()) {
    const blocking = parentsOf(guestPath(entry)).find((parent) => {
      const at = seen.get(parent);
      const above = at === undefined ? undefined : entries[at];
      return above !== undefined && !("dir" in above) && !("link" in above);
    });
    if (blocking !== undefined) {
      faults.push({
        entry: index,
        message: `${guestPath(entry)} lies below ${blocking}, which is no folder`,
      });
    }
  }
  return faults;
}
