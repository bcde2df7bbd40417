import type { FitStep } from "../recipe/schema/image.ts";
import { shellQuote } from "../text/shell-quote.ts";
import { fitAlgorithm, type FitKey, type FitKeys } from "./fit-key.ts";
import { itsText, type ItsItem } from "./its.ts";
import { inputPath, keyFolder, textName, unique, type RenderedImage } from "./rendered.ts";

type Fit = FitStep["fit"];

/** Counted up whenever the same rendered step would give other bytes. */
const version = 1;

/** COMMAND_LINE_SIZE of Linux on RISC-V, less the closing zero. */
const longestCommandLine = 1023;

const compressors: Readonly<Record<Fit["kernel"]["compression"], { suffix: string; command: string }>> = {
  none: { suffix: "", command: "cat" },
  gzip: { suffix: ".gz", command: "gzip -n -9" },
  zstd: { suffix: ".zst", command: "zstd -q -c --single-thread -15" },
  lz4: { suffix: ".lz4", command: "lz4 -q -9 -c" },
};

/** What is wrong with a FIT step although each field is well formed, as sentences. */
export function checkFit(step: Fit): string[] {
  const line = step["command-line"];
  const faults: string[] = [];
  if (/[\n\r\0]/.test(line)) faults.push("the command line has a line break in it");
  if (Buffer.byteLength(line) > longestCommandLine) {
    faults.push(
      `the command line has ${Buffer.byteLength(line)} bytes; the kernel reads ${longestCommandLine}`,
    );
  }
  return faults;
}

/**
 * A FIT with one configuration. Its device tree is the given one with the command line in /chosen/bootargs,
 * so that what is hashed (and signed) holds it. A kernel whose name does not already end as the compression
 * asks (.gz, .zst, .lz4) is compressed here. `output` is the path below /out. With a key to sign with, the
 * configuration has a signature over itself and all that it names.
 */
export function renderFit(step: Fit, output: string, keys: FitKeys = new Map()): RenderedImage {
  const its = textName(output, "its");
  const key = step.sign && keys.get(step.sign.key);
  const tree = step["device-tree"].data;
  const { suffix, command } = compressors[step.kernel.compression];
  const compress = step.kernel.data.endsWith(suffix) ? "cat" : command;
  const target = shellQuote(`/out/${output}`);
  return {
    script: `# nvlab fit step, version ${version}
${compress} < ${shellQuote(inputPath(step.kernel.data))} > /tmp/kernel
cat ${shellQuote(inputPath(tree))} > /tmp/command-line.dtb
fdtput -p -t s /tmp/command-line.dtb /chosen bootargs ${shellQuote(step["command-line"])}
dtc -q -I dtb -O dtb -o /tmp/fdt.dtb /tmp/command-line.dtb
mkdir -p "$(dirname ${target})"
mkimage ${key ? `-k ${keyFolder} ` : ""}-f ${shellQuote(`/generated/${its}`)} ${target}
${key ? signatureCheck(step, target) : ""}`,
    texts: { [its]: itsText(fitItems(step, key)) },
    projectPaths: [],
    references: unique([step.kernel.data, tree, ...(step.ramdisk ? [step.ramdisk.data] : [])]),
    outputs: [output],
    ...(key && {
      signing: {
        key: key.name,
        algorithm: fitAlgorithm(key),
        sha256: key.sha256,
        development: key.development,
      },
    }),
  };
}

const signatureNode = "signature-1";

/** mkimage may end well without having signed. */
function signatureCheck({ configuration }: Fit, target: string): string {
  return `if ! fdtget ${target} /configurations/${configuration}/${signatureNode} value > /dev/null; then
  echo "error: mkimage did not sign the configuration ${configuration}" >&2
  exit 1
fi
`;
}

const strings = (property: string, ...values: string[]): ItsItem => ({ property, strings: values });
const node = (name: string, ...items: ItsItem[]): ItsItem => ({ node: name, items });
/** An address as one 32-bit cell, or two where it is above 4 GiB; U-Boot goes by the property's length. */
function addressCells(address: string): string {
  const value = BigInt(address);
  const low = `0x${BigInt.asUintN(32, value).toString(16)}`;
  return value >> 32n === 0n ? low : `0x${(value >> 32n).toString(16)} ${low}`;
}

const hash = node("hash-1", strings("algo", "sha256"));

function fitItems(step: Fit, key: FitKey | undefined): ItsItem[] {
  const kernel = node(
    "kernel",
    strings("description", "kernel"),
    { property: "data", file: "/tmp/kernel" },
    strings("type", "kernel"),
    strings("arch", "riscv"),
    strings("os", "linux"),
    strings("compression", step.kernel.compression),
    { property: "load", cell: addressCells(step.kernel.load) },
    { property: "entry", cell: addressCells(step.kernel.entry ?? step.kernel.load) },
    hash,
  );
  const ramdisk = (data: string): ItsItem =>
    node(
      "ramdisk",
      strings("description", "initramfs"),
      { property: "data", file: inputPath(data) },
      strings("type", "ramdisk"),
      strings("arch", "riscv"),
      strings("os", "linux"),
      // The kernel unpacks its initramfs itself.
      strings("compression", "none"),
      hash,
    );
  const load = step["device-tree"].load;
  const fdt = node(
    "fdt",
    strings("description", "device tree with the kernel command line"),
    { property: "data", file: "/tmp/fdt.dtb" },
    strings("type", "flat_dt"),
    strings("arch", "riscv"),
    strings("compression", "none"),
    ...(load === undefined ? [] : [{ property: "load", cell: addressCells(load) }]),
    hash,
  );
  const configuration = node(
    step.configuration,
    strings("description", step.description),
    strings("kernel", "kernel"),
    ...(step.ramdisk ? [strings("ramdisk", "ramdisk")] : []),
    strings("fdt", "fdt"),
    ...(key
      ? [
          node(
            signatureNode,
            strings("algo", fitAlgorithm(key)),
            strings("key-name-hint", key.name),
            // All that the configuration names: what is not signed, U-Boot would refuse.
            strings("sign-images", "kernel", ...(step.ramdisk ? ["ramdisk"] : []), "fdt"),
          ),
        ]
      : []),
  );
  return [
    strings("description", step.description),
    { property: "#address-cells", cell: "1" },
    node("images", kernel, ...(step.ramdisk ? [ramdisk(step.ramdisk.data)] : []), fdt),
    node("configurations", strings("default", step.configuration), configuration),
  ];
}
