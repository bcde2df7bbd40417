import { overlayText, type ItsItem } from "./its.ts";

/** The public half of a key that signs FITs. */
export interface FitKey {
  /** As recipes call it. */
  readonly name: string;
  /** Length of the modulus, one of {@link fitKeyBits}. */
  readonly bits: number;
  readonly modulus: bigint;
  readonly exponent: bigint;
  /** Hexadecimal SHA-256 of the DER SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7). */
  readonly sha256: string;
  /** Made by nvlab itself, for want of another. */
  readonly development: boolean;
  /** Whether its private half is at hand. */
  readonly canSign: boolean;
}

export type FitKeys = ReadonlyMap<string, FitKey>;

/** Lengths that U-Boot knows (boot/image-sig.c). */
export const fitKeyBits: readonly number[] = [2048, 3072, 4096];

/** U-Boot's name of the algorithm: PKCS#1 v1.5, which gives the same signature each time. */
export function fitAlgorithm({ bits }: Pick<FitKey, "bits">): string {
  return `sha256,rsa${bits}`;
}

const words = (property: string, value: bigint, count: number): ItsItem => ({
  property,
  cell: Array.from({ length: count }, (_, index) => {
    const word = BigInt.asUintN(32, value >> BigInt(32 * (count - 1 - index)));
    return `0x${word.toString(16).padStart(8, "0")}`;
  }).join(" "),
});

/** The inverse of an odd number modulo 2^32, by Newton's iteration: each round doubles the bits that are right. */
function inverseModulo32(odd: bigint): bigint {
  let inverse = 1n;
  for (let bits = 1; bits < 32; bits *= 2) inverse = BigInt.asUintN(32, inverse * (2n - odd * inverse));
  return inverse;
}

/**
 * A key's node as U-Boot wants it (doc/usage/fit/signature.rst, "Public Key Storage"): numbers as 32-bit words, the
 * highest first, and two that save it the arithmetic: R² mod n with R = 2^bits, and -1/n mod 2^32.
 */
function keyNode(key: FitKey): ItsItem {
  const { name, bits, modulus, exponent } = key;
  const count = bits / 32;
  const radix = 1n << BigInt(bits);
  return {
    node: `key-${name}`,
    items: [
      { property: "required", strings: ["conf"] },
      { property: "algo", strings: [fitAlgorithm(key)] },
      { property: "key-name-hint", strings: [name] },
      words("rsa,num-bits", BigInt(bits), 1),
      words("rsa,exponent", exponent, 2),
      words("rsa,modulus", modulus, count),
      words("rsa,r-squared", radix ** 2n % modulus, count),
      words("rsa,n0-inverse", -inverseModulo32(modulus), 1),
    ],
  };
}

/** An overlay for U-Boot's control device tree: a FIT has to be signed by one of these keys. */
export function publicKeyOverlay(keys: readonly FitKey[]): string {
  const signature: ItsItem = {
    node: "signature",
    items: [
      // Without, it would have to be signed by all of them.
      ...(keys.length > 1 ? [{ property: "required-mode", strings: ["any"] }] : []),
      ...keys.map(keyNode),
    ],
  };
  return overlayText([signature]);
}
