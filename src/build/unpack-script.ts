import { shellQuote } from "../text/shell-quote.ts";

/**
 * Bash that unpacks an archive into /out. GNU tar keeps names inside the folder by itself, and says so; here
 * such a name is the end: no archive that we want has one. Owners are dropped, modes are kept less the
 * group's and others' write bits, times are kept.
 */
export function unpackScript(archive: string, strip: number): string {
  const file = shellQuote(archive);
  return `umask 022
tar --extract --file ${file} --directory /out --strip-components=${String(strip)} \\
  --no-same-owner --no-same-permissions --delay-directory-restore 2> /tmp/unpack.log || {
  cat /tmp/unpack.log
  echo "nvlab: the archive cannot be unpacked"
  exit 65
}
cat /tmp/unpack.log
if grep -qE "Removing leading|Member name contains|Cannot (open|mkdir|create|change)" /tmp/unpack.log; then
  echo "nvlab: the archive has names that lead outside its folder"
  exit 65
fi
if [ -z "$(ls -A /out)" ]; then
  echo "nvlab: nothing is left of the archive after dropping ${String(strip)} leading folders"
  exit 65
fi
`;
}

/** Exit status by which the unpack script tells a bad archive from a fault of the machine. */
export const badArchiveStatus = 65;
