import { describe, expect, it } from "vitest";
import { renderDeviceTree } from "../../../src/image/device-tree.ts";
import { renderFit } from "../../../src/image/fit.ts";
import type { FitKey } from "../../../src/image/fit-key.ts";
import { checkImage, keysOf } from "../../../src/image/render.ts";
import { ImageStep } from "../../../src/recipe/schema/image.ts";

const key: FitKey = {
  ...{ name: "boot", bits: 3072, modulus: (1n << 3071n) + 1n, exponent: 0x10001n },
  ...{ sha256: "ab".repeat(32), development: false, canSign: true },
};
const keys = new Map([["boot", key]]);

const fit = {
  kernel: { data: "linux/Image", load: "0x80200000" },
  ramdisk: { data: "initramfs/initramfs.cpio.zst" },
  "device-tree": { data: "board.dtb" },
  "command-line": "console=ttyS0",
};
const signedStep = ImageStep.parse({ fit: { ...fit, sign: { key: "boot" } } });
const treeStep = ImageStep.parse({ "device-tree": { source: "a.dts", verify: { keys: ["boot"] } } });

function rendered(): ReturnType<typeof renderFit> {
  if (!("fit" in signedStep)) throw new Error("another step was parsed");
  return renderFit(signedStep.fit, "boot.itb", keys);
}

describe("a FIT that is signed", () => {
  it("has its configuration signed, over all that it names", () => {
    const its = rendered().texts["boot.itb.its"] ?? "";
    expect(its).toContain(
      'signature-1 {\n\t\t\t\talgo = "sha256,rsa3072";\n\t\t\t\tkey-name-hint = "boot";\n' +
        '\t\t\t\tsign-images = "kernel", "ramdisk", "fdt";\n',
    );
  });

  it("is signed by mkimage with the private key of its sandbox, and looked at afterwards", () => {
    const { script } = rendered();
    expect(script).toContain("mkimage -k /keys -f /generated/boot.itb.its /out/boot.itb\n");
    expect(script).toContain("fdtget /out/boot.itb /configurations/conf-1/signature-1 value");
  });

  it("says by which key, of which only the public half is told", () => {
    expect(rendered().signing).toEqual({
      ...{ key: "boot", algorithm: "sha256,rsa3072", sha256: "ab".repeat(32), development: false },
    });
  });

  it("without sign is rendered as ever", () => {
    const plain = ImageStep.parse({ fit });
    if (!("fit" in plain)) throw new Error("another step was parsed");
    const { script, texts, signing } = renderFit(plain.fit, "boot.itb", keys);
    expect(script).toContain("\nmkimage -f /generated/boot.itb.its /out/boot.itb\n");
    expect(script).not.toContain("signature");
    expect(texts["boot.itb.its"]).not.toContain("signature");
    expect(signing).toBeUndefined();
  });
});

describe("a device tree that verifies", () => {
  it("has the public key merged in as the last overlay", () => {
    if (!("device-tree" in treeStep)) throw new Error("another step was parsed");
    const { script, texts } = renderDeviceTree(treeStep["device-tree"], "u-boot.dtb", keys);
    expect(script).toContain("\noverlay /generated/u-boot.dtb.keys.dtso\n");
    expect(texts["u-boot.dtb.keys.dtso"]).toContain("key-boot {");
  });
});

describe("the keys that a step names", () => {
  it("are found in both kinds of step", () => {
    expect(keysOf(signedStep)).toEqual([{ name: "boot", path: ["fit", "sign", "key"] }]);
    expect(keysOf(treeStep)).toEqual([{ name: "boot", path: ["device-tree", "verify", "keys", 0] }]);
    expect(keysOf(ImageStep.parse({ fit }))).toEqual([]);
  });

  it("have to be there, and to sign with a public half alone is a fault", () => {
    expect(checkImage(signedStep, new Map())).toEqual([
      { path: ["fit", "sign", "key"], message: "no key 'boot' is at hand" },
    ]);
    const half = new Map([["boot", { ...key, canSign: false }]]);
    expect(checkImage(signedStep, half)[0]?.message).toContain("only the public half");
    expect(checkImage(treeStep, half)).toEqual([]);
    expect(checkImage(signedStep, keys)).toEqual([]);
  });
});
