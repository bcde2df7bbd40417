import { shellQuote } from "../../text/shell-quote.ts";
import { mergeFunction, type ConfigRequest, type Dialect } from "./dialect.ts";

const explainer = "kernel-configs/explain/lost-options.py";
const kconfiglib = "/src/scripts/Kconfiglib";

/** PLATFORM as the makefile means it: a folder below platform/. */
function platform(request: ConfigRequest): string {
  return request.arguments.PLATFORM ?? "generic";
}

const folder = (request: ConfigRequest): string => `/obj/platform/${platform(request)}/kconfig`;

/** The variables that the tree's makefile exports to Kconfiglib. */
function preamble(request: ConfigRequest): string {
  const variables = {
    PYTHONDONTWRITEBYTECODE: "1",
    OPENSBI_SRC_DIR: "/src",
    OPENSBI_PLATFORM: platform(request),
    OPENSBI_PLATFORM_SRC_DIR: `/src/platform/${platform(request)}`,
    KCONFIG_CONFIG: `${folder(request)}/.config`,
  };
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${shellQuote(value)}\n`);
  return `${exports.join("")}mkdir -p "\${KCONFIG_CONFIG%/*}"
cd /src
${mergeFunction}`;
}

function file(request: ConfigRequest): string {
  return shellQuote(`/src/platform/${platform(request)}/configs/${request.defconfig}`);
}

/**
 * The request is laid over the minimal defconfig: in a full .config, what the defconfig's platforms select would
 * stay set after a request takes the platform away.
 */
function settle(request: ConfigRequest): string {
  return `merge ${file(request)} > /tmp/merged.config
cp /tmp/merged.config "$KCONFIG_CONFIG"
python3 ${kconfiglib}/olddefconfig.py /src/Kconfig
`;
}

const keep = `install -Dm644 "$KCONFIG_CONFIG" /out/.config\n`;

/** OpenSBI: Kconfiglib, a Python program in the tree, without the makefile, which would write into /src. */
export const opensbi: Dialect = {
  render: (request) => preamble(request) + settle(request) + keep,
  base: (request) =>
    `${preamble(request)}python3 ${kconfiglib}/defconfig.py --kconfig /src/Kconfig ${file(request)}\n${keep}`,
  explain: (request) =>
    `${preamble(request)}if [ ! -f "$KCONFIG_CONFIG" ]; then
${settle(request)}fi >&2
export NVLAB_EXPLANATION=/tmp/explanation.jsonl
PYTHONPATH=${kconfiglib} python3 /project/${explainer} /src/Kconfig >&2
cat /tmp/explanation.jsonl
`,
  menuconfig: (request) =>
    `${preamble(request)}${settle(request)}cp "$KCONFIG_CONFIG" /out/before.config
python3 ${kconfiglib}/menuconfig.py /src/Kconfig
${keep}`,
  install: (request) => `install -Dm644 /config/.config ${shellQuote(`${folder(request)}/.config`)}\n`,
  explainer,
};
