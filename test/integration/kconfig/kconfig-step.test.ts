import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { baseEnvironment } from "../../../src/exec/base-environment.ts";
import { runSandboxed } from "../../../src/exec/run-sandboxed.ts";
import { lostOptions } from "../../../src/kconfig/check.ts";
import { mergeRequested, parseFragment } from "../../../src/kconfig/fragment.ts";
import { explainEnvironment, lostOptionFailures } from "../../../src/kconfig/lost-option-failure.ts";
import { renderBase, renderInstall, renderKconfig } from "../../../src/kconfig/render.ts";
import type { KconfigStep } from "../../../src/recipe/schema/step.ts";
import { testRoot } from "../../support/root.ts";

/** Dialects whose parser is the kernel's C program: one miniature tree serves them all. */
const dialects = ["linux", "u-boot", "busybox"] as const;

const here = dirname(fileURLToPath(import.meta.url));
const project = join(here, "../../..");
let root: string;
let folder: string;

beforeAll(async () => {
  root = await testRoot();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nvlab-kconfig-"));
  for (const name of ["obj", "out", "generated"]) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(script: string, environment: Record<string, string> = {}): Promise<string> {
  const lines: string[] = [];
  const mount = (host: string, at: string, writable = false) => ({ host, at, writable });
  const ended = await runSandboxed(
    {
      root,
      mounts: [
        mount(join(here, "tree"), "/src"),
        mount(join(folder, "generated"), "/generated"),
        mount(join(project, "kernel-configs/explain"), "/project/kernel-configs/explain"),
        mount(join(folder, "out"), "/config"),
        mount(join(folder, "obj"), "/obj", true),
        mount(join(folder, "out"), "/out", true),
      ],
      environment: { ...baseEnvironment(0), ...environment },
      command: ["/usr/bin/bash", "-euo", "pipefail", "-c", script],
      cwd: "/obj",
    },
    { log: join(folder, "log"), onLine: (line) => lines.push(line) },
  );
  if (!ended.ok) throw new Error(ended.failures[0]?.message);
  expect(ended.value.status, lines.join("\n")).toBe(0);
  return lines.join("\n");
}

const dotConfig = (): string => readFileSync(join(folder, "out/.config"), "utf8");

/** Runs the step as a build does, and gives the failures that a build would end with. */
async function configure(dialect: (typeof dialects)[number], ...fragments: string[]): Promise<string[]> {
  const step: KconfigStep["kconfig"] = {
    dialect,
    defconfig: dialect === "linux" ? "tinyconfig" : "defconfig",
    fragments: [],
    arguments: {},
  };
  const parsed = fragments.map((text, index) => parseFragment(`${index + 1}.config`, text));
  const rendered = renderKconfig(
    step,
    mergeRequested(parsed.flatMap((each) => (each.ok ? [each.value] : []))),
  );
  for (const [name, text] of Object.entries(rendered.texts))
    writeFileSync(join(folder, "generated", name), text);
  await run(rendered.script);
  const lost = lostOptions(rendered.kconfig.requested, dotConfig());
  if (lost.length === 0) return [];
  const explained = await run(rendered.kconfig.explain, explainEnvironment(lost));
  return lostOptionFailures(lost, explained).map(({ message, hint }) => `${message} | ${hint ?? ""}`);
}

describe.each(dialects)("a kconfig step of the dialect %s", (dialect) => {
  it("makes a .config that grants what its fragments ask for, the later one winning", async () => {
    const failures = await configure(
      dialect,
      "CONFIG_PCI=y\nCONFIG_IOMMU=y\n# CONFIG_VFIO is not set\n",
      "CONFIG_VFIO=m\n",
    );
    expect(failures).toEqual([]);
    expect(dotConfig()).toBe("CONFIG_PCI=y\nCONFIG_MMU=y\nCONFIG_VFIO=m\nCONFIG_IOMMU=y\n");
  });

  it("explains a lost option by the tree's own parser", async () => {
    expect(await configure(dialect, "CONFIG_PCI=y\n", "# why\nCONFIG_VFIO=y\n")).toEqual([
      "CONFIG_VFIO=y (2.config:2) was dropped: it depends on PCI && IOMMU; IOMMU=n | add CONFIG_IOMMU=y",
    ]);
  });

  it("explains all of them at once: unknown, selected and without a prompt", async () => {
    const failures = await configure(dialect, "CONFIG_PCI=y\n# CONFIG_MMU is not set\nCONFIG_IOMU=y\n");
    expect(failures).toEqual([
      "CONFIG_MMU=n (1.config:2) is y all the same: it is selected by PCI=y | switch off what selects it: # CONFIG_PCI is not set",
      "CONFIG_IOMU=y (1.config:3) was dropped: no Kconfig file of this tree defines it | is it CONFIG_IOMMU or CONFIG_MMU?",
    ]);
  });

  it("leaves the tree's own conf usable after an explanation", async () => {
    await configure(dialect, "CONFIG_VFIO=y\n");
    expect(await configure(dialect, "CONFIG_IOMMU=y\n")).toEqual([]);
  });

  it("makes the base without the fragments and installs a .config where the build wants it", async () => {
    await configure(dialect, "CONFIG_PCI=y\n");
    const step = { dialect, defconfig: "defconfig", fragments: [], arguments: {} };
    await run(renderBase(step));
    expect(dotConfig()).toContain("# CONFIG_PCI is not set");
    await run(renderInstall(step));
    expect(readFileSync(join(folder, "obj/.config"), "utf8")).toBe(dotConfig());
  });
});
