import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { fitAlgorithm, publicKeyOverlay, type FitKey } from "../../../src/image/fit-key.ts";

function newKey(name: string, bits = 2048): FitKey {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: bits, publicExponent: 0x10001 });
  const { n = "" } = publicKey.export({ format: "jwk" });
  const modulus = BigInt(`0x${Buffer.from(n, "base64url").toString("hex")}`);
  return {
    ...{ name, bits, modulus, exponent: 0x10001n },
    ...{ sha256: "00".repeat(32), development: true, canSign: true },
  };
}

/** The words of a property, put together again. */
function numberIn(text: string, property: string): bigint {
  const words = new RegExp(`${property} = <([^>]+)>`).exec(text)?.[1]?.split(" ") ?? [];
  return words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

describe("the public key in U-Boot's control device tree", () => {
  const key = newKey("boot");
  const text = publicKeyOverlay([key]);

  it("is required for configurations, and says how they are signed", () => {
    expect(text).toContain("/plugin/;");
    expect(text).toContain("\tsignature {\n\t\tkey-boot {\n");
    expect(text).toContain('required = "conf";');
    expect(text).toContain('algo = "sha256,rsa2048";');
    expect(text).toContain('key-name-hint = "boot";');
    expect(text).not.toContain("required-mode");
  });

  it("has modulus and exponent, the highest word first", () => {
    expect(numberIn(text, "rsa,num-bits")).toBe(2048n);
    expect(numberIn(text, "rsa,modulus")).toBe(key.modulus);
    expect(numberIn(text, "rsa,exponent")).toBe(0x10001n);
    expect(text).toContain("rsa,exponent = <0x00000000 0x00010001>");
  });

  it("has what U-Boot needs for Montgomery's multiplication", () => {
    const radix = 1n << 2048n;
    expect(numberIn(text, "rsa,r-squared")).toBe((radix * radix) % key.modulus);
    const inverse = numberIn(text, "rsa,n0-inverse");
    expect(BigInt.asUintN(32, inverse * key.modulus)).toBe(0xffffffffn);
  });

  it("lets a FIT be signed by any of several keys, so that they can be changed", () => {
    const both = publicKeyOverlay([key, newKey("next", 3072)]);
    expect(both).toContain('required-mode = "any";');
    expect(both.match(/required = "conf";/g)).toHaveLength(2);
    expect(both).toContain('algo = "sha256,rsa3072";');
  });
});

it("the algorithm follows from the length of the key", () => {
  expect(fitAlgorithm({ bits: 4096 })).toBe("sha256,rsa4096");
});
