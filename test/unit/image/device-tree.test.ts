import { describe, expect, it } from "vitest";
import { renderDeviceTree } from "../../../src/image/device-tree.ts";

describe("renderDeviceTree", () => {
  const step = {
    source: "dts/board.dts",
    overlays: ["dts/overlays/b.dtso", "dts/overlays/a.dtso"],
    include: ["dts/include"],
  };

  it("merges the overlays in the order of the recipe", () => {
    const { script } = renderDeviceTree(step, "board.dtb");
    expect(script.indexOf("overlay dts/overlays/b.dtso")).toBeGreaterThan(0);
    expect(script.indexOf("overlay dts/overlays/b.dtso")).toBeLessThan(
      script.indexOf("overlay dts/overlays/a.dtso"),
    );
  });

  it("removes the random seeds", () => {
    const { script } = renderDeviceTree(step, "board.dtb");
    expect(script).toContain("without rng-seed\nwithout kaslr-seed\n");
  });

  it("names files as people know them: it works from the project's folder", () => {
    expect(renderDeviceTree(step, "board.dtb").script).toContain("cd /project\n");
  });

  it("reads the source, the overlays and the include folders, and no output of another step", () => {
    const rendered = renderDeviceTree(step, "board.dtb");
    expect(rendered.projectPaths).toEqual([
      "dts/board.dts",
      "dts/include",
      "dts/overlays/a.dtso",
      "dts/overlays/b.dtso",
    ]);
    expect(rendered.references).toEqual([]);
  });
});
