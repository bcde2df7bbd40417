import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { baseEnvironment } from "../../src/exec/base-environment.ts";
import { runSandboxed } from "../../src/exec/run-sandboxed.ts";
import { preparedKernel } from "../support/prepared-kernel.ts";
import { home } from "../support/program.ts";
import { testRoot } from "../support/root.ts";

/** checkpatch's complaints that are not heeded, with the reason. */
const ignored = {
  // MAINTAINERS names people and lists, which this driver would get with its submission.
  FILE_PATH_CHANGES: "a new folder is listed in MAINTAINERS when it is submitted",
  // A sign-off is a person's statement. Here the commits of the project say who wrote what.
  MISSING_SIGN_OFF: "a person signs when the patch is submitted",
};

/** sparse 0.6.4 ends at extensions of more than one letter, which change nothing that it looks at. */
const sparse = `#!/bin/bash
arguments=()
for argument in "$@"; do
  [[ $argument == -march=* ]] && argument=-march=rv64imac
  arguments+=("$argument")
done
exec /run/sparse "\${arguments[@]}"
`;

/** Milliseconds for what looks at every file: seconds where nothing else runs. */
const patience = 600_000;

let folder: string;

/** Files as they lie in /obj/tree: those of the kernel at their places in its tree, and the module from outside. */
function sources(pattern: RegExp): string[] {
  const below = (path: string): string[] =>
    readdirSync(join(home, path), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && pattern.test(entry.name))
      .map((entry) => relative(join(home, path), join(entry.parentPath, entry.name)));
  return [
    ...below("patches/linux/files"),
    ...below("vendor/nvlink-dmatest").map((path) => `nvlink-dmatest/${path}`),
  ].sort();
}

/** Runs bash in a root with the project at /project and the prepared kernel at /obj/kernel. */
async function run(root: "build" | "check", script: string): Promise<{ status: number; printed: string }> {
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
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-style-"));
  mkdirSync(join(folder, "obj/kernel"), { recursive: true });
  writeFileSync(join(folder, "obj/sparse"), sparse, { mode: 0o755 });
  const kernel = preparedKernel();
  try {
    const built = await kernel.run("build", "prepared", "--no-frozen", "--out", join(folder, "obj/out"));
    expect(built.status, built.stderr).toBe(0);
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
  expect(unpacked).toEqual({ status: 0, printed: "" });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const checkpatch = `perl /obj/kernel/scripts/checkpatch.pl --strict --no-tree --no-summary --terse --color=never \\
  --ignore=${Object.keys(ignored).join(",")}`;

test("our kernel sources pass checkpatch --strict", { timeout: patience }, async () => {
  const files = sources(/\.[ch]$|^Makefile$|^Kconfig$/);
  expect(files).toContain("include/uapi/linux/nvlink.h");
  expect(await run("check", `cd /obj/tree; ${checkpatch} -f ${files.join(" ")}`)).toEqual({
    status: 0,
    printed: "",
  });
});

test("our patches to the kernel pass checkpatch --strict", async () => {
  expect(await run("check", `${checkpatch} patches/linux/*.patch`)).toEqual({ status: 0, printed: "" });
});

test("checkpatch sees what is wrong, so that its silence says something", async () => {
  const { status, printed } = await run(
    "check",
    `printf '%s\\n' '// SPDX-License-Identifier: GPL-2.0-only' 'int f( void ){return 1 ;}' > /tmp/bad.c
${checkpatch} -f /tmp/bad.c`,
  );
  expect(status).toBe(1);
  expect(printed).toContain("space prohibited after that open parenthesis");
});

test("the kernel-doc comments of our sources are complete", async () => {
  const documented = `python3 /obj/kernel/scripts/kernel-doc.py -none -Wall ${sources(/\.[ch]$/).join(" ")}`;
  expect(await run("check", `cd /obj/tree; ${documented}`)).toEqual({ status: 0, printed: "" });
});

/** Compiles a module against the prepared kernel under the eyes of gcc and sparse. */
const compile = (name: string, options: string) =>
  run(
    "build",
    `make -s -C /obj/kernel M=/obj/${name} ${options} W=1 C=2 CHECK=/obj/sparse CF=-Wsparse-error \\
  KCFLAGS='-Werror -DCONFIG_KUNIT_MODULE=1' KBUILD_MODPOST_WARN=1 modules`,
  );

test("sparse sees what gcc does not, so that its silence says something", { timeout: patience }, async () => {
  mkdirSync(join(folder, "obj/planted"));
  writeFileSync(join(folder, "obj/planted/Makefile"), "obj-m := planted.o\n");
  const source = '#include <linux/module.h>\nstatic void *planted __used = 0;\nMODULE_LICENSE("GPL");\n';
  writeFileSync(join(folder, "obj/planted/planted.c"), source);
  const { status, printed } = await compile("planted", "");
  expect(status).not.toBe(0);
  expect(printed).toContain("Using plain integer as NULL pointer");
});

test.each([
  [
    "the driver",
    "nvlink",
    "CONFIG_NVLINK_FUSION=m CONFIG_NVLINK_FUSION_PCI=m CONFIG_NVLINK_FUSION_KUNIT_TEST=m",
  ],
  ["the module from outside", "nvlink-dmatest", ""],
])(
  "%s compiles without a warning of gcc (W=1) and of sparse",
  { timeout: patience },
  async (_what, name, options) => {
    const { status, printed } = await compile(name, options);
    const complaints = printed.split("\n").filter((line) => /: (warning|error):/.test(line));
    expect(complaints).toEqual([]);
    expect(status, printed).toBe(0);
  },
);
