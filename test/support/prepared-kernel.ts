import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { home, nvlab, testLock, type ProgramRun } from "./program.ts";
import { writeFiles } from "./project.ts";

/** Symbols that the kernel of these tests exports, in the form of a Module.symvers. */
const exported = [
  ["_printk", "vmlinux", "EXPORT_SYMBOL", ""],
  ["put_device", "vmlinux", "EXPORT_SYMBOL_GPL", ""],
  ["dma_buf_put", "vmlinux", "EXPORT_SYMBOL_GPL", "DMA_BUF"],
];

interface Recipe {
  readonly steps: [{ readonly kconfig: { readonly fragments: readonly string[] } }, { readonly run: string }];
}

/** What only the patched kernel has; the driver changes often, and would change this kernel with it. */
const patchedOnly = "kernel-configs/linux/nvlink.config";

export interface PreparedKernel {
  readonly folder: string;
  /** Writes files of the project. */
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly run: (...args: string[]) => Promise<ProgramRun>;
  readonly close: () => void;
}

/**
 * A project over the shipped one, whose `linux` is this project's kernel without its patches, configured and prepared
 * for modules from outside as its recipe says, but not compiled: half a minute, and only once for a cache.
 */
export function preparedKernel(): PreparedKernel {
  const folder = mkdtempSync(join(tmpdir(), "nvlab-prepared-"));
  const recipe = parse(readFileSync(join(home, "recipes/components/linux.yaml"), "utf8")) as Recipe;
  const [{ kconfig }, { run }] = recipe.steps;
  const fragments = kconfig.fragments.filter((path) => path !== patchedOnly);
  const symbols = exported.map((columns) => ["0x00000000", ...columns].join("\\t"));
  const prepare = `make -C /src O=/obj modules_prepare
printf '${symbols.join("\\n")}\\n' > /obj/Module.symvers
${packing(run)}`;
  writeFiles(folder, {
    "nvlab.yaml": 'name: prepared\nversion: "1.0.0"\ndefault-target: prepared\n',
    "recipes/components/linux.yaml": stringify({
      ...recipe,
      patches: [],
      steps: [{ kconfig: { ...kconfig, fragments } }, { run: prepare }],
      outputs: ["module-build.tar.zst"],
    }),
    "recipes/targets/prepared.yaml": `name: prepared
components: { linux: {} }
artifacts: { module-build.tar.zst: { output: linux/module-build.tar.zst, kind: kernel } }
`,
  });
  copyFileSync(testLock(), join(folder, "nvlab.lock"));
  return {
    folder,
    write: (files) => {
      writeFiles(folder, files);
    },
    run: (...args) => nvlab(["-C", folder, ...args]),
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The lines of the kernel's recipe that pack what modules from outside need. */
function packing(run: string): string {
  const lines = /^make [^\n]*run-command[^]*module-build\.tar\.zst$/m.exec(run)?.[0];
  if (lines === undefined) throw new Error("the kernel's recipe packs no module-build.tar.zst");
  return lines;
}
