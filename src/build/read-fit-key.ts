import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { failed, ok, type Result } from "../failure/result.ts";
import { fitKeyBits, type FitKey } from "../image/fit-key.ts";

/** A key and the file that it was read from. */
export interface LoadedFitKey {
  readonly key: FitKey;
  /** Absolute. */
  readonly file: string;
}

/** More than any PEM file of an RSA key has. */
const mostBytes = 64 * 1024;

const fourBytes = 0x1_0000_0000n;

/**
 * Reads an RSA key in PEM: a private one, which only its owner may be able to read, or a public one, with which
 * nothing can be signed. What the file holds is in no message.
 */
export function readFitKey(name: string, file: string, development: boolean): Result<LoadedFitKey> {
  const read = readPem(name, file);
  if (!read.ok) return read;
  const { pem, mode } = read.value;
  const parsed = parse(pem);
  if (parsed === undefined) {
    const encrypted = pem.includes("ENCRYPTED");
    return badKey(
      name,
      file,
      encrypted ? "is encrypted, and nobody is asked for a passphrase" : "is no key in PEM",
      encrypted
        ? "decrypt it into a file of a memory file system for the build: openssl pkey -in KEY -out /dev/shm/KEY"
        : "openssl genrsa -out boot.key 3072 makes one",
    );
  }
  const { secret, half } = parsed;
  if (secret && (mode & 0o077) !== 0) {
    return failed({
      code: "NVLAB_KEY_EXPOSED",
      message: `others than its owner can read the private key '${name}': ${file} has mode ${(mode & 0o777).toString(8).padStart(4, "0")}`,
      hint: `chmod 600 ${file}, and think about who may have read it`,
    });
  }
  const { n, e } = half.export({ format: "jwk" });
  if (half.asymmetricKeyType !== "rsa" || n === undefined || e === undefined) {
    return badKey(name, file, "is no RSA key", "U-Boot verifies RSA signatures here");
  }
  const [modulus, exponent] = [numberOf(n), numberOf(e)];
  const bits = modulus.toString(2).length;
  if (!fitKeyBits.includes(bits) || modulus % 2n === 0n || exponent % 2n === 0n || exponent >= fourBytes) {
    return badKey(name, file, `has ${bits} bits`, `U-Boot takes ${fitKeyBits.join(", ")}`);
  }
  const key: FitKey = {
    ...{ name, bits, modulus, exponent, development },
    sha256: createHash("sha256")
      .update(half.export({ format: "der", type: "spki" }))
      .digest("hex"),
    canSign: secret,
  };
  return ok({ key, file });
}

function readPem(name: string, file: string): Result<{ readonly pem: string; readonly mode: number }> {
  let descriptor: number | undefined;
  try {
    // A pipe would be waited for without end.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(descriptor);
    if (!status.isFile()) return badKey(name, file, "is no file");
    if (status.size > mostBytes) return badKey(name, file, "is no key in PEM");
    return ok({ pem: readFileSync(descriptor, "utf8"), mode: status.mode });
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    return badKey(name, file, `cannot be read: ${error.message}`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function parse(pem: string): { readonly secret: boolean; readonly half: KeyObject } | undefined {
  try {
    return { secret: true, half: createPublicKey(createPrivateKey(pem)) };
  } catch {
    try {
      return { secret: false, half: createPublicKey(pem) };
    } catch {
      return undefined;
    }
  }
}

function badKey(name: string, file: string, what: string, hint?: string): Result<never> {
  return failed({
    code: "NVLAB_KEY",
    message: `the key '${name}' ${what} (${file})`,
    ...(hint !== undefined && { hint }),
  });
}

function numberOf(base64url: string): bigint {
  return BigInt(`0x0${Buffer.from(base64url, "base64url").toString("hex")}`);
}
