import { describe, expect, it } from "vitest";
import { renderDeviceTree } from "../../../src/image/device-tree.ts";
import { renderFit } from "../../../src/image/fit.ts";
import { FitStep } from "../../../src/recipe/schema/image.ts";
import { make } from "./image-bench.ts";

const commandLine = `console=ttyS0 note="it's $HOME \\x" a;b`;
const step = FitStep.parse({
  fit: {
    description: 'a "board" \\ image',
    kernel: { data: "linux/Image", load: "0x80200000", compression: "gzip" },
    ramdisk: { data: "initramfs/initramfs.cpio" },
    "device-tree": { data: "board.dtb", load: "0x8c000000" },
    "command-line": commandLine,
  },
}).fit;

async function inputs(): Promise<Record<string, string | Uint8Array>> {
  const tree = renderDeviceTree({ source: "board.dts", overlays: [], include: [] }, "board.dtb");
  const made = await make(tree, { project: { "board.dts": '/dts-v1/;\n/ { model = "board"; };\n' } });
  return {
    "board.dtb": made.output("board.dtb"),
    "linux/Image": "kernel ".repeat(1000),
    "initramfs/initramfs.cpio": "ramdisk",
  };
}

describe("a fit step", () => {
  it("gives an image that mkimage lists as asked for, with the command line in its device tree", async () => {
    const made = await make(renderFit(step, "boot.itb"), { inputs: await inputs() });
    expect(made.status).toBe(0);
    const listed = await made.look("mkimage -l /out/boot.itb");
    expect(listed).toContain('FIT description: a "board" \\ image');
    expect(listed).toContain("Created:         Thu Jan  1 00:00:00 2026");
    expect(listed).toMatch(/Compression: {2}gzip compressed/);
    expect(listed.match(/Hash algo: {4}sha256/g)).toHaveLength(3);
    expect(listed).toContain("Default Configuration: 'conf-1'");
    const extract = (index: number): string =>
      `dumpimage -T flat_dt -p ${index} -o /obj/part${index} /out/boot.itb > /dev/null`;
    expect(await made.look(`${extract(0)}; gunzip < /obj/part0 | cmp - /in/linux/Image && echo same`)).toBe(
      "same",
    );
    expect(await made.look(`${extract(2)}; fdtget /obj/part2 /chosen bootargs`)).toBe(commandLine);
  });

  it("gives the same bytes twice", async () => {
    const given = await inputs();
    const first = await make(renderFit(step, "boot.itb"), { inputs: given });
    const second = await make(renderFit(step, "boot.itb"), { inputs: given });
    expect(second.output("boot.itb").equals(first.output("boot.itb"))).toBe(true);
  });

  it("fails where the device tree is none", async () => {
    const made = await make(renderFit(step, "boot.itb"), {
      inputs: { ...(await inputs()), "board.dtb": "text" },
    });
    expect(made.status).not.toBe(0);
  });
});
