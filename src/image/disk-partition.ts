import type { DiskStep } from "../recipe/schema/image.ts";
import { shellQuote } from "../text/shell-quote.ts";
import { mebibytes } from "./disk-check.ts";
import { partitionUuid } from "./disk-layout.ts";
import { inputPath } from "./rendered.ts";

type Partition = DiskStep["disk"]["partitions"][number];

/** Bash functions that the lines of `partitionScript` call. */
export const partitionFunctions = `put() {
  mkdir -p "$(dirname "$stage/$2")"
  cp -R --preserve=mode,links "$1" "$stage/$2"
}
begin() {
  stage=/obj/stage/$1 image=/obj/partitions/$1.img
  mkdir -p "$stage"
}
finish() { chmod -R u=rwX,go=rX "$stage"; truncate -s "$1M" "$image"; }
unfilled() { # name, MiB
  local taken
  taken=$(du -sm --apparent-size "$stage" | cut -f 1)
  if [ $((taken * 10)) -ge $(($2 * 9)) ]; then
    echo "partition $1 of $2 MiB does not hold its files, which take $taken MiB: give it a larger size" >&2
  else
    echo "partition $1 could not be filled: see the message above" >&2
  fi
  exit 1
}
fat() { # name, MiB, FAT bits, volume id, label
  local clusters=()
  # By itself mkfs.vfat takes clusters so large that it refuses a small FAT16.
  if [ "$3" = 16 ] && [ "$2" -lt 16 ]; then clusters=(-s 1); fi
  finish "$2"
  mkfs.vfat --invariant "\${clusters[@]}" -F "$3" -i "$4" -n "$5" "$image" > /dev/null
  (cd "$stage" && find . -mindepth 1 -printf '%P\\n' | LC_ALL=C sort) | while IFS= read -r path; do
    if [ -d "$stage/$path" ]; then mmd -i "$image" "::/$path" || exit 1
    else mcopy -b -i "$image" "$stage/$path" "::/$path" || exit 1; fi
  done || unfilled "$1" "$2"
}
ext4() { # name, MiB, UUID, label
  finish "$2"
  tar --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \\
    -C "$stage" -cf "$stage.tar" .
  mke2fs -q -t ext4 -U "$3" -E "hash_seed=$3,root_owner=0:0" -L "$4" -m 0 -d "$stage.tar" "$image" ||
    unfilled "$1" "$2"
}
raw() { # name, MiB, file
  local bytes
  bytes=$(stat -L -c %s "$3")
  if [ "$bytes" -gt $(($2 * 1048576)) ]; then
    echo "partition $1 of $2 MiB does not hold its file of $bytes bytes" >&2
    exit 1
  fi
  cp "$3" "$image"
}
`;

/** Bash that makes one partition's content, for `diskLayout` to find. */
export function partitionScript(partition: Partition, scope: string): string {
  const { name, filesystem } = partition;
  const uuid = partitionUuid(scope, name);
  const size = String(mebibytes(partition.size));
  const files = Object.entries(partition.files).sort(([a], [b]) => (a < b ? -1 : 1));
  const puts = files.map(([to, from]) => `put ${shellQuote(inputPath(from))} ${shellQuote(to)}\n`).join("");
  const begin = `begin ${name}\n`;
  switch (filesystem) {
    case "fat32":
    case "fat16":
      return `${begin}${puts}fat ${name} ${size} ${filesystem.slice(3)} ${uuid.slice(0, 8)} ${fatLabel(name)}\n`;
    case "ext4":
      return `${begin}${puts}ext4 ${name} ${size} ${uuid} ${name.slice(0, 16)}\n`;
    case "raw":
      return `${begin}raw ${name} ${size} ${shellQuote(inputPath(files[0]?.[1] ?? ""))}\n`;
  }
}

/** A FAT label has at most eleven characters, by custom upper case. */
function fatLabel(name: string): string {
  return name.toUpperCase().slice(0, 11);
}
