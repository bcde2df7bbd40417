import { nvlinkFusion } from "../contract/generated.ts";
import { treeCheckVersion } from "../contract/tree/check-tree.ts";
import { formatVersion } from "../contract/version.ts";
import type { DeviceTreeStep } from "../recipe/schema/image.ts";
import { shellQuote } from "../text/shell-quote.ts";
import { publicKeyOverlay, type FitKeys } from "./fit-key.ts";
import { textName, unique, type RenderedImage } from "./rendered.ts";

/** Counted up whenever the same rendered step would give other bytes. */
const version = 1;

/**
 * Compiles a source as Linux does: the C preprocessor, then dtc with symbols. Run from /project, so that
 * messages name files as people know them. Overlays are merged one at a time, so that a failure names the
 * overlay and the label it did not find.
 */
const functions = `compile() {
  cpp -nostdinc -undef -D__DTS__ -x assembler-with-cpp "\${includes[@]/#/-I}" "$1" /tmp/preprocessed
  dtc -@ -I dts -O dtb "\${includes[@]/#/-i}" -o "$2" /tmp/preprocessed
}
unresolved() {
  local label line
  for label in $(fdtget -p /tmp/overlay.dtbo /__fixups__ 2> /dev/null); do
    if ! fdtget /tmp/merged.dtb /__symbols__ "$label" > /dev/null 2>&1; then
      line=$(grep -n -m 1 "&$label\\b" "$1" | cut -d : -f 1) || line=
      echo "$1:\${line:-1}: error: the device tree below this overlay has no label $label" >&2
    fi
  done
}
overlay() {
  compile "$1" /tmp/overlay.dtbo
  if ! fdtoverlay -i /tmp/merged.dtb -o /tmp/next.dtb /tmp/overlay.dtbo; then
    unresolved "$1"
    echo "$1:1: error: this overlay does not fit the device tree below it" >&2
    return 1
  fi
  mv /tmp/next.dtb /tmp/merged.dtb
}
without() {
  if fdtget -p /tmp/merged.dtb /chosen 2> /dev/null | grep -qx "$1"; then
    fdtput -d /tmp/merged.dtb /chosen "$1"
  fi
}
`;

/**
 * One complete device tree: base and overlays merged, random seeds removed. `output` is below /out. With keys to
 * verify with, their public halves are in it.
 */
export function renderDeviceTree(
  step: DeviceTreeStep["device-tree"],
  output: string,
  keys: FitKeys = new Map(),
): RenderedImage {
  const folders = unique([...step.include, folderOf(step.source), ...step.overlays.map(folderOf)]);
  const overlays = step.overlays.map((overlay) => `overlay ${shellQuote(overlay)}\n`);
  const target = shellQuote(`/out/${output}`);
  const verified = (step.verify?.keys ?? []).flatMap((name) => keys.get(name) ?? []);
  const keyOverlay = textName(output, "keys.dtso");
  if (verified.length > 0) overlays.push(`overlay ${shellQuote(`/generated/${keyOverlay}`)}\n`);
  return {
    script: `# nvlab device-tree step, version ${version}
# afterwards: ${nextCheck(step)}
cd /project
includes=(${folders.map(shellQuote).join(" ")})
${functions}compile ${shellQuote(step.source)} /tmp/merged.dtb
${overlays.join("")}without rng-seed
without kaslr-seed
mkdir -p "$(dirname ${target})"
dtc -q -I dtb -O dtb -o ${target} /tmp/merged.dtb
`,
    texts: verified.length > 0 ? { [keyOverlay]: publicKeyOverlay(verified) } : {},
    projectPaths: unique([step.source, ...step.overlays, ...step.include]),
    references: [],
    outputs: [output],
    deviceTree: { contract: step.contract, sources: [step.source, ...step.overlays] },
  };
}

/** A finished tree is checked outside the sandbox: what another check may refuse is another step. */
function nextCheck({ contract }: DeviceTreeStep["device-tree"]): string {
  const { name, version: checked, sha256 } = nvlinkFusion;
  return `${contract ?? "no contract"}, check ${treeCheckVersion} of ${name} ${formatVersion(checked)} ${sha256}`;
}

function folderOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, end);
}
