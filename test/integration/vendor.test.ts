import { randomUUID } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtNodes } from "../support/miniature.ts";
import { preparedKernel, type PreparedKernel } from "../support/prepared-kernel.ts";
import type { ProgramRun } from "../support/program.ts";
import { temporaryFolder } from "../support/project.ts";

let kernel: PreparedKernel;

const recipe = (name: string, step: string, rest = "") => ({
  [`recipes/components/${name}.yaml`]: `name: ${name}
version: "1.0"
license: GPL-2.0-only
environment: { ARCH: riscv, CROSS_COMPILE: riscv64-linux-gnu- }
sources: { main: { path: vendor/${name} } }
steps: [{ kernel-module: ${step} }]
outputs: [modules, Module.symvers]
${rest}`,
});

const target = (name: string, components: readonly string[]) => ({
  [`recipes/targets/${name}.yaml`]: `name: ${name}
components: { ${components.map((one) => `${one}: {}`).join(", ")} }
artifacts: { ${components.map((one) => `${one}: { output: ${one}/Module.symvers, kind: debug }`).join(", ")} }
`,
});

const gpl = 'MODULE_LICENSE("GPL");';

const source = (body: string, license = gpl, extra = "") => `#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/module.h>
${extra}
static int __init vendor_init(void)
{
	${body}
	return 0;
}
module_init(vendor_init);
MODULE_DESCRIPTION("test");
${license}
`;

/** A module that needs a symbol of another component's. */
const using = {
  Makefile: "obj-m := using.o\n",
  "using.c": source("core_value();", gpl, "extern void core_value(void);"),
};

/** A component of its own for each test; it lies in the project. */
function component(name: string, files: Record<string, string>, step: string): void {
  kernel.write({
    ...recipe(name, step),
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`vendor/${name}/${path}`, text])),
  });
}

const build = (name: string, ...args: string[]) =>
  kernel.run("--json", "--verbose", "build", name, "--no-frozen", ...args);

interface Ended {
  readonly data?: { readonly nodes: readonly { node: string; path: string }[] };
  readonly failures?: readonly { code: string; message: string; hint?: string }[];
}

function endOf({ stdout }: ProgramRun): Ended {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "{}") as Ended;
}

const declared = (symbol: string) => `extern void ${symbol}(void);`;

/** Components that fail, each with modules of its own names. All are built at once: a build takes seconds. */
function writeRefused(): string[] {
  component(
    "bad",
    {
      Makefile: "obj-m := missing.o licensed.o spaced.o silent.o\n",
      "missing.c": source("nowhere();", gpl, declared("nowhere")),
      "licensed.c": source("put_device(NULL);", 'MODULE_LICENSE("Proprietary");'),
      "spaced.c": source("dma_buf_put(NULL);"),
      "silent.c": source("", ""),
    },
    "{ modules: [missing.ko, licensed.ko, spaced.ko, silent.ko] }",
  );
  component("alone", using, "{ modules: [using.ko] }");
  component(
    "forged",
    {
      Makefile: `obj-m := forged.o
$(shell echo invented | grep -qf - /obj/kernel/Module.symvers || \
  printf '0x00000000\\tinvented\\tvmlinux\\tEXPORT_SYMBOL\\t\\n' >> /obj/kernel/Module.symvers)
`,
      "forged.c": source("invented();", gpl, declared("invented")),
    },
    "{ modules: [forged.ko] }",
  );
  component(
    "blob",
    {
      Makefile: `obj-m := beside.o
$(shell riscv64-linux-gnu-gcc -c -o /obj/module/blob.ko /obj/module/blob.S; echo text > /obj/module/text.ko)
`,
      "blob.S":
        '.section .modinfo, "a"\n.asciz "vermagic=6.1.0 SMP mod_unload riscv"\n.asciz "license=GPL"\n',
      "beside.c": source('pr_info("hello\\n");'),
    },
    "{ modules: [beside.ko, blob.ko, text.ko] }",
  );
  component("other", { Makefile: "obj-m := made.o\n", "made.c": source("") }, "{ modules: [wanted.ko] }");
  component(
    "broken",
    { Makefile: "obj-m := broken.o\n", "broken.c": source("this is no C;") },
    "{ modules: [broken.ko] }",
  );
  return ["bad", "alone", "forged", "blob", "other", "broken"];
}

let refused: readonly { code: string; message: string; hint?: string }[];

/** What was said about a module or component. */
const said = (about: RegExp) =>
  refused.filter(({ message }) => about.test(message)).map(({ code, message }) => `${code} ${message}`);

beforeAll(async () => {
  kernel = preparedKernel();
  const names = writeRefused();
  kernel.write(target("refused", names));
  const built = await build("refused", "--keep-going");
  expect(built.status, built.stderr).toBe(1);
  refused = endOf(built).failures ?? [];
});
afterAll(() => {
  kernel.close();
});

test("all that the kernel would refuse is told at once, module by module", () => {
  expect(said(/^(missing|licensed|spaced|silent)\.ko /).sort()).toEqual([
    "NVLAB_MODULE licensed.ko may not use put_device, which is for modules under the GPL",
    "NVLAB_MODULE missing.ko needs the symbol nowhere, which neither the kernel nor a component in 'uses' exports",
    "NVLAB_MODULE silent.ko does not say its licence",
    "NVLAB_MODULE spaced.ko may not use dma_buf_put, which is in the namespace DMA_BUF",
  ]);
});

test("a makefile that forges the kernel's symbols does not get its module past", () => {
  expect(said(/^forged\.ko /)).toEqual([
    "NVLAB_MODULE forged.ko needs the symbol invented, which neither the kernel nor a component in 'uses' exports",
  ]);
});

test("a module that comes ready-made for another kernel is refused, and so is what is no module", () => {
  expect(said(/^blob\.ko /)).toEqual([
    expect.stringMatching(
      /^NVLAB_MODULE blob\.ko is for another kernel: its vermagic is '6\.1\.0 SMP mod_unload riscv', this kernel's '6\.\d+/,
    ),
  ]);
  expect(said(/^text\.ko /)).toEqual([
    "NVLAB_MODULE text.ko has no vermagic: it is no module of a kernel",
    "NVLAB_MODULE text.ko does not say its licence",
  ]);
  expect(said(/^beside\.ko /)).toEqual([]);
});

test("a module that is declared and not built is told with what was built", () => {
  expect(refused.filter(({ message }) => message.includes("wanted.ko"))).toMatchObject([
    { code: "NVLAB_MODULE", message: "'other' built no wanted.ko", hint: "it built made.ko" },
  ]);
});

test("an error of the compiler is shown as any step's, with file and line", () => {
  expect(said(/^'broken' /)).toEqual([
    expect.stringMatching(/^NVLAB_STEP 'broken' .*broken\.c:\d+:\d+: error: /),
  ]);
});

test("a module uses what a module of another component exports, where its recipe says so, and is put below extra", async () => {
  expect(said(/^using\.ko /)).toEqual([
    "NVLAB_MODULE using.ko needs the symbol core_value, which neither the kernel nor a component in 'uses' exports",
  ]);
  component(
    "core",
    {
      Makefile: "obj-m := core.o\n",
      "core.c": source(
        'pr_info("core\\n");',
        gpl,
        "void core_value(void);\nvoid core_value(void) { }\nEXPORT_SYMBOL_GPL(core_value);",
      ),
    },
    "{ modules: [core.ko] }",
  );
  component("using", using, "{ modules: [using.ko], uses: [core] }");
  kernel.write(target("using", ["using"]));
  const built = await build("using");
  expect(built.status, built.stderr).toBe(0);
  const out = endOf(built).data?.nodes.find(({ node }) => node === "using")?.path ?? "";
  const [release = ""] = readdirSync(join(out, "modules/lib/modules"));
  expect(release).toMatch(/^\d+\.\d+/);
  expect(readdirSync(join(out, "modules/lib/modules", release, "extra"))).toEqual(["using.ko"]);
});

test("a vendor's tree takes the place of the project's with --source, and nothing else is built", async () => {
  // Other bytes each time: what an earlier run built is in the store.
  const vendor = temporaryFolder({ ...using, "using.c": `/* ${randomUUID()} */\n${using["using.c"]}` });
  const built = await build("using", "--source", `using=${vendor}`);
  expect(built.status, built.stderr).toBe(0);
  expect(builtNodes(built)).toEqual(["using/source", "using"]);
});

test("an incremental build does not take a module that the makefile no longer builds", async () => {
  const files = { "kept.c": source(""), "dropped.c": source("") };
  const step = "{ modules: [kept.ko, dropped.ko] }";
  component("shrinking", { ...files, Makefile: "obj-m := kept.o dropped.o\n" }, step);
  kernel.write(target("shrinking", ["shrinking"]));
  const first = await build("shrinking", "--incremental");
  expect(first.status, first.stderr).toBe(0);
  component("shrinking", { ...files, Makefile: `# ${randomUUID()}\nobj-m := kept.o\n` }, step);
  const second = await build("shrinking", "--incremental");
  expect(second.status).toBe(1);
  expect(endOf(second).failures).toMatchObject([
    { code: "NVLAB_MODULE", message: "'shrinking' built no dropped.ko", hint: "it built kept.ko" },
  ]);
});

test.each([
  [
    "a source folder that is not there",
    "{ modules: [vendor.ko] }",
    "absent",
    "NVLAB_FILE_MISSING the source folder vendor/absent of 'absent' does not exist",
  ],
  [
    "a kernel that gives nothing to modules",
    "{ modules: [vendor.ko], kernel: busybox }",
    "lost",
    "NVLAB_RECIPE 'busybox' declares no output 'module-build.tar.zst'",
  ],
])("%s is a fault of the recipe", async (_what, step, name, message) => {
  kernel.write({ ...recipe(name, step), ...target(name, [name]) });
  const built = await build(name);
  expect(built.status).toBe(2);
  expect(endOf(built).failures?.map((failure) => `${failure.code} ${failure.message}`)).toEqual([message]);
  rmSync(join(kernel.folder, "recipes/targets", `${name}.yaml`));
});
