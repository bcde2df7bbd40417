import type { DiskStep } from "../recipe/schema/image.ts";
import { shellQuote } from "../text/shell-quote.ts";
import { diskLayout } from "./disk-layout.ts";
import { partitionFunctions, partitionScript } from "./disk-partition.ts";
import { textName, unique, type RenderedImage } from "./rendered.ts";

/** Counted up whenever the same rendered step would give other bytes. */
const version = 1;

/**
 * A GPT disk image. File systems are made one by one with fixed identifiers and times, then genimage lays
 * them out. Identifiers derive from the target's, the image's and the partition's name. `output` is the path
 * below /out.
 */
export function renderDisk(disk: DiskStep["disk"], output: string, target: string): RenderedImage {
  const scope = `${target}/${output}`;
  const layout = textName(output, "genimage");
  const place = shellQuote(`/out/${output}`);
  return {
    script: `# nvlab disk step, version ${version}
export MTOOLS_SKIP_CHECK=1
rm -rf /obj/partitions /obj/stage /obj/no-files /obj/disk /obj/genimage
mkdir -p /obj/partitions /obj/stage /obj/no-files /obj/disk
${partitionFunctions}${disk.partitions.map((partition) => partitionScript(partition, scope)).join("")}genimage --loglevel 0 --config ${shellQuote(`/generated/${layout}`)} --rootpath /obj/no-files \\
  --tmppath /obj/genimage --inputpath /obj/partitions --outputpath /obj/disk
mkdir -p "$(dirname ${place})"
cp --sparse=always /obj/disk/image ${place}
`,
    texts: { [layout]: diskLayout(disk, "image", scope) },
    projectPaths: [],
    references: unique(disk.partitions.flatMap(({ files }) => Object.values(files))),
    outputs: [output],
  };
}
