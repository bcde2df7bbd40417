import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nvlab, testLock } from "../../support/program.ts";
import { temporaryFolder } from "../../support/project.ts";

test("a project made by init sees the shipped recipes under its own, and builds", async () => {
  const folder = join(temporaryFolder(), "own-board");
  expect((await nvlab(["init", folder])).status).toBe(0);
  copyFileSync(testLock(), join(folder, "nvlab.lock"));
  const shown = await nvlab(["-C", folder, "show", "linux"]);
  expect(shown.stdout).toContain("kernel-configs/own-board.config");
  expect(shown.stdout).toContain("kernel-configs/linux/iommu.config");
  const built = await nvlab(["-C", folder, "--json", "build", "--no-frozen", "--component", "opensbi"]);
  expect(built.status, built.stdout).toBe(0);
  expect((await nvlab(["init", folder])).status).not.toBe(0);
});
