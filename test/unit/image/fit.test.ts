import { describe, expect, it } from "vitest";
import { checkFit, renderFit } from "../../../src/image/fit.ts";
import { itsString } from "../../../src/image/its.ts";
import { FitStep } from "../../../src/recipe/schema/image.ts";

function fit(over: Record<string, unknown> = {}): FitStep["fit"] {
  return FitStep.parse({
    fit: {
      kernel: { data: "linux/Image", load: "0x80200000" },
      ramdisk: { data: "initramfs/initramfs.cpio.zst" },
      "device-tree": { data: "board.dtb" },
      "command-line": "console=ttyS0",
      ...over,
    },
  }).fit;
}

const its = (step: FitStep["fit"]): string => renderFit(step, "boot.itb").texts["boot.itb.its"] ?? "";

describe("itsString", () => {
  it("escapes what would end or change the text", () => {
    expect(itsString('a "b" \\ c\n\t')).toBe('"a \\"b\\" \\\\ c\\n\\t"');
  });
});

describe("renderFit", () => {
  it("describes kernel, ramdisk and device tree, each with a hash, and one configuration", () => {
    const text = its(fit());
    expect(text.match(/algo = "sha256";/g)).toHaveLength(3);
    expect(text).toContain('default = "conf-1";');
    expect(text).toContain("load = <0x80200000>;");
    expect(text).toContain("entry = <0x80200000>;");
    expect(text).toContain('data = /incbin/("/in/initramfs/initramfs.cpio.zst");');
  });

  it("leaves the ramdisk out where there is none", () => {
    const step = fit({ ramdisk: undefined });
    expect(its(step)).not.toContain("ramdisk");
    expect(renderFit(step, "boot.itb").references).toEqual(["board.dtb", "linux/Image"]);
  });

  it("puts the command line into the device tree that is hashed, whatever it holds", () => {
    const { script } = renderFit(fit({ "command-line": `root="it's $HOME"` }), "boot.itb");
    expect(script).toContain(`/chosen bootargs 'root="it'\\''s $HOME"'\n`);
  });

  it("gives an address above 4 GiB two cells", () => {
    expect(its(fit({ kernel: { data: "linux/Image", load: "0x100200000" } }))).toContain(
      "load = <0x1 0x200000>;",
    );
  });

  it("compresses a kernel that is not compressed yet, and no other", () => {
    const script = (data: string): string =>
      renderFit(fit({ kernel: { data, load: "0x80200000", compression: "gzip" } }), "boot.itb").script;
    expect(script("linux/Image")).toContain("gzip -n -9 < /in/linux/Image");
    expect(script("linux/Image.gz")).toContain("cat < /in/linux/Image.gz");
  });
});

describe("checkFit", () => {
  it("accepts a usual command line", () => {
    expect(checkFit(fit())).toEqual([]);
  });

  it("refuses a line break and more than the kernel reads", () => {
    expect(checkFit(fit({ "command-line": "a\nb" }))).toEqual(["the command line has a line break in it"]);
    expect(checkFit(fit({ "command-line": "ä".repeat(512) }))[0]).toContain(
      "1024 bytes; the kernel reads 1023",
    );
  });
});
