import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseEnvironment } from "../../src/exec/base-environment.ts";
import { runSandboxed } from "../../src/exec/run-sandboxed.ts";
import { preparedKernel } from "./prepared-kernel.ts";
import { home } from "./program.ts";
import { testRoot } from "./root.ts";

/** sparse 0.6.4 ends at extensions of more than one letter, which change nothing that it looks at. */
const sparse = `#!/bin/bash
arguments=()
for argument in "$@"; do
  [[ $argument == -march=* ]] && argument=-march=rv64imac
  arguments+=("$argument")
done
exec /run/sparse "\${arguments[@]}"
`;

interface Ran {
  readonly status: number;
  readonly printed: string;
}

/** The prepared kernel, unpacked in /obj/kernel of a sandbox, with our kernel sources beside it. */
export interface StyleTree {
  /** Runs bash in a root with the project at /project. */
  readonly run: (root: "build" | "check", script: string) => Promise<Ran>;
  /** Compiles /obj/NAME as modules with gcc's W=1 as errors; with `sparse` it looks too. */
  readonly compile: (name: string, options: string, sparse: boolean) => Promise<Ran>;
  /** Writes a file below /obj. */
  readonly write: (path: string, text: string) => void;
  readonly close: () => void;
}

export async function styleTree(): Promise<StyleTree> {
  const folder = mkdtempSync(join(tmpdir(), "nvlab-style-"));
  mkdirSync(join(folder, "obj/kernel"), { recursive: true });
  writeFileSync(join(folder, "obj/sparse"), sparse, { mode: 0o755 });
  const run = async (root: "build" | "check", script: string): Promise<Ran> => {
    const lines: string[] = [];
    const ended = await runSandboxed(
      {
        root: await testRoot(root),
        mounts: [
          ...["patches", "vendor"].map((name) => ({
            host: join(home, name),
            at: `/project/${name}`,
            writable: false,
          })),
          { host: join(await testRoot("check"), "usr/bin/sparse"), at: "/run/sparse", writable: false },
          { host: join(folder, "obj"), at: "/obj", writable: true },
        ],
        environment: { ...baseEnvironment(0), ARCH: "riscv", CROSS_COMPILE: "riscv64-linux-gnu-" },
        command: ["/usr/bin/bash", "-euo", "pipefail", "-c", script],
        cwd: "/project",
      },
      { log: join(folder, "log"), onLine: (line) => lines.push(line) },
    );
    if (!ended.ok) throw new Error(ended.failures[0]?.message);
    return { status: ended.value.status, printed: lines.join("\n") };
  };
  const kernel = preparedKernel();
  try {
    const built = await kernel.run("build", "prepared", "--no-frozen", "--out", join(folder, "obj/out"));
    if (built.status !== 0) throw new Error(built.stderr);
  } finally {
    kernel.close();
  }
  // The driver and its interface as they are now, whatever the kernel was prepared with.
  const unpacked = await run(
    "build",
    `tar -C /obj/kernel --no-same-owner -xf /obj/out/module-build.tar.zst
cp -R patches/linux/files/include/. /obj/kernel/include/
cp -R patches/linux/files/drivers/nvlink vendor/nvlink-dmatest /obj/
mkdir /obj/tree
cp -R patches/linux/files/. vendor/nvlink-dmatest /obj/tree/`,
  );
  if (unpacked.status !== 0) throw new Error(unpacked.printed);
  return {
    run,
    compile: (name, options, looks) =>
      run(
        "build",
        `make -s -j2 -C /obj/kernel M=/obj/${name} ${options} W=1 ${looks ? "C=2 CHECK=/obj/sparse CF=-Wsparse-error" : ""} \\
  KCFLAGS='-Werror -DCONFIG_KUNIT_MODULE=1' KBUILD_MODPOST_WARN=1 modules`,
      ),
    write: (path, text) => {
      mkdirSync(join(folder, "obj", path, ".."), { recursive: true });
      writeFileSync(join(folder, "obj", path), text);
    },
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The driver's options for make. */
export const driverOptions =
  "CONFIG_NVLINK_FUSION=m CONFIG_NVLINK_FUSION_PCI=m CONFIG_NVLINK_FUSION_KUNIT_TEST=m";

/** What gcc and sparse complain about, without what modpost says of the symbols that a prepared kernel lacks. */
export function complaintsIn(printed: string): string[] {
  return printed.split("\n").filter((line) => /: (warning|error):/.test(line));
}
