import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nvlab, type ProgramRun, testLock } from "../../support/program.ts";
import { temporaryFolder } from "../../support/project.ts";
import { compiled } from "./sources.ts";

const check = (...trees: string[]): Promise<ProgramRun> =>
  nvlab(["--lock", testLock(), "check", "qemu-virt", "--no-frozen", "--tree", ...trees]);

test("`nvlab check` ends with 0 where trees keep bindings and contract, and with 1 and every fault where not", async () => {
  const overlay = "dts/overlays/nvlink.dtso";
  const [good = "", bad = ""] = await compiled(
    "dts/qemu-virt.dts",
    ["dts/overlays/supervisor.dtso", overlay, "dts/overlays/nvlab.dtso"],
    [
      (_, text) => text,
      (path, text) => (path === overlay ? text.replace("nvidia,lanes = <4>", "nvidia,lanes = <0>") : text),
    ],
  );
  const well = await check(good);
  expect(well.status, well.stderr).toBe(0);
  expect(well.stderr).toContain("nothing to complain of");
  const broken = await check(good, bad);
  expect(broken.status).toBe(1);
  expect(broken.stderr).toMatch(/NVLAB_DEVICE_TREE: 1\.dtb: .*nvidia,lanes/);
  expect(broken.stderr).toMatch(/NVLAB_CONTRACT: 1\.dtb: .*nvidia,lanes is 0/);
  expect(broken.stderr).not.toContain("0.dtb:");
});

test("`nvlab check` of what is no device tree says so, as of a tool that failed and of the contract", async () => {
  const path = join(temporaryFolder(), "text.dtb");
  writeFileSync(path, "no tree");
  const { status, stderr } = await check(path);
  expect(status).toBe(1);
  expect(stderr).toContain("NVLAB_CONTRACT: text.dtb is no device tree");
  expect(stderr).toContain("dt-schema failed");
});
