import type { UBootStep } from "../recipe/schema/image.ts";
import { shellQuote } from "../text/shell-quote.ts";
import { inputPath, unique, type RenderedImage } from "./rendered.ts";

/** Counted up whenever the same rendered step would give other bytes. */
const version = 1;

/**
 * U-Boot with its control device tree behind it, where a program configured with OF_SEPARATE looks for it: at its own
 * end, which has to be a multiple of eight bytes. `output` is the path below /out.
 */
export function renderUBoot(step: UBootStep["u-boot"], output: string): RenderedImage {
  const [program, tree] = [shellQuote(inputPath(step.program)), shellQuote(inputPath(step["device-tree"]))];
  const target = shellQuote(`/out/${output}`);
  return {
    script: `# nvlab u-boot step, version ${version}
bytes=$(stat -L -c %s ${program})
if [ $((bytes % 8)) -ne 0 ]; then
  echo "error: a device tree cannot lie behind the $bytes bytes of "${shellQuote(step.program)} >&2
  exit 1
fi
fdtget ${tree} / compatible > /dev/null
mkdir -p "$(dirname ${target})"
cat ${program} ${tree} > ${target}
`,
    texts: {},
    projectPaths: [],
    references: unique([step.program, step["device-tree"]]),
    outputs: [output],
  };
}
