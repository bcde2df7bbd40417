import type { InitramfsStep } from "../recipe/schema/image.ts";
import { shellQuote } from "../text/shell-quote.ts";
import { initramfsList } from "./initramfs-list.ts";
import { indexModules } from "./module-index.ts";
import { inputPath, textName, unique, type RenderedImage } from "./rendered.ts";

/** Counted up whenever the same rendered step would give other bytes. */
const version = 2;

/** The kernel's own program: it makes device nodes and owners without being root. */
export const genInitCpio = "linux/gen_init_cpio";

const compressor = {
  none: "cat",
  gzip: "gzip -n -9",
  zstd: "zstd -q -c --single-thread -15",
} as const;

/**
 * Lists a folder in the format of gen_init_cpio. Modes become 0755 or 0644: what they are in the store says
 * nothing about the guest, save for the executable bit.
 */
const treeFunction = `tree() {
  if [ ! -d "$1" ]; then echo "$1 is no folder: it cannot be the tree $2" >&2; return 1; fi
  if [ -n "$(find "$1" -name '*.ko*' -print -quit)" ]; then echo "$1" >> /tmp/module-trees; fi
  find "$1" -printf '%y\\t%P\\t%l\\t%m\\n' | awk -F '\\t' -v from="$1" -v to="\${2%/}" '
    $2 ~ / / || $3 ~ / / || NF != 4 {
      print from "/" $2 ": a name with spaces cannot be in the initramfs" > "/dev/stderr"; exit 1
    }
    { name = to ($2 == "" ? "" : "/" $2) }
    name == "" { next }
    $1 == "d" { print "dir " name " 0755 0 0"; next }
    $1 == "l" { print "slink " name " " $3 " 0777 0 0"; next }
    $1 == "f" { print "file " name " " from "/" $2 " " ($4 ~ /[1357]/ ? "0755" : "0644") " 0 0"; next }
    { print from "/" $2 ": neither file, folder nor link" > "/dev/stderr"; exit 1 }
  '
}
`;

/** What an entry declares wins over the same path in a tree; two trees may share folders, not files. */
const mergeTrees = `awk '
  FILENAME == ARGV[1] { declared[$2] = 1; print; next }
  $2 in declared { next }
  $2 in listed {
    if ($1 == "dir" && listed[$2] == "dir") next
    print $2 " is in two trees of the initramfs" > "/dev/stderr"; exit 1
  }
  { listed[$2] = $1; print }
'`;

/** An initramfs from declared entries, made without root. `output` is its path below /out. */
export function renderInitramfs(step: InitramfsStep["initramfs"], output: string): RenderedImage {
  const list = initramfsList(output, step.entries);
  const listName = textName(output, "list");
  const trees = list.trees.map(
    ({ from, to }) => `tree ${shellQuote(from)} ${shellQuote(to)} >> /tmp/trees\n`,
  );
  const target = shellQuote(`/out/${output}`);
  return {
    script: `# nvlab initramfs step, version ${version}
${treeFunction}${indexModules}: > /tmp/trees
: > /tmp/module-trees
${trees.join("")}${mergeTrees} ${shellQuote(`/generated/${listName}`)} /tmp/trees > /tmp/unsorted
if [ "$(wc -l < /tmp/module-trees)" -gt 1 ]; then index_modules /tmp/unsorted; fi
LC_ALL=C sort -t ' ' -k 2,2 /tmp/unsorted > /tmp/cpio-list
mkdir -p "$(dirname ${target})"
${inputPath(genInitCpio)} -t "$SOURCE_DATE_EPOCH" /tmp/cpio-list | ${compressor[step.compression]} > ${target}
`,
    texts: { ...list.texts, [listName]: list.lines.map((line) => `${line}\n`).join("") },
    projectPaths: unique(list.projectPaths),
    references: unique([...list.references, genInitCpio]),
    outputs: [output],
  };
}
