import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nvlinkFusion } from "../../../src/contract/generated.ts";
import { formatVersion } from "../../../src/contract/version.ts";
import { miniature, readText, type Miniature } from "../../support/miniature.ts";

const board = (node: string): string => `/dts-v1/;
/ {
	compatible = "mini";
	#address-cells = <2>;
	#size-cells = <2>;
	uart: serial { };
	nvlink@40000000 {
		compatible = "nvidia,nvlink-fusion";
		reg = <0x0 0x40000000 0x0 0x10000>;
		#address-cells = <1>;
		#size-cells = <0>;
		nvidia,contract = <1 0>;
		${node}
		link@0 {
			reg = <0>;
			nvidia,lanes = <4>;
			nvidia,max-speed-kBps = <25000000>;
			nvidia,peer = "gpu";
			nvidia,peer-index = <0>;
		};
	};
};
`;
const good = "link-count = <1>; dma-windows = /bits/ 64 <0x0 0x100000000>;";
const target = "recipes/targets/board.yaml";

let mini: Miniature;
beforeAll(async () => {
  mini = await miniature();
});
afterAll(() => mini.close());

/** Builds with this node; the step names the contract, or does not. */
async function built(node: string, named: boolean) {
  const recipe = readText(mini.folder, target).replace(", contract: nvlink-fusion", "");
  const key = "overlays: [dts/extra.dtso]";
  mini.write({
    [target]: named ? recipe.replace(key, `${key}, contract: nvlink-fusion`) : recipe,
    "dts/board.dts": board(node),
  });
  return mini.run("build", "--no-frozen");
}

test("a device tree that does not keep the contract is not built: the line, what is wrong and what to do are said", async () => {
  const run = await built("link-count = <2>;\n\t\tdma-windows = /bits/ 64 <0x800 0x1000>;", true);
  expect(run.status).toBe(1);
  expect(run.stderr).toContain("NVLAB_CONTRACT");
  expect(run.stderr).toContain("/nvlink@40000000: link-count is 2, and there are 1 link nodes");
  expect(run.stderr).toContain("dts/board.dts:13:3");
  expect(run.stderr).toContain("window 0 (0x800, 0x1000 bytes) is not aligned");
  expect(run.stderr).toContain("dts/board.dts:14:3");
  expect(run.stderr).toContain("hint: base and size are multiples of 4096");
});

test("a controller in a device tree whose step names no contract is not built", async () => {
  const run = await built(good, false);
  expect(run.status).toBe(1);
  expect(run.stderr).toContain("say 'contract: nvlink-fusion' in the device-tree step");
});

test("one that keeps it is built; the manifest names the contract, and verify says so", async () => {
  const run = await built(good, true);
  expect(run).toMatchObject({ status: 0 });
  const out = join(mini.folder, "out/board");
  const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as { contract: unknown };
  const version = formatVersion(nvlinkFusion.version);
  expect(manifest.contract).toMatchObject({ name: "nvlink-fusion", version });
  const verified = await mini.run("verify", out);
  expect(verified).toMatchObject({ status: 0 });
  expect(verified.stdout).toContain(`contract nvlink-fusion ${version}`);
});
