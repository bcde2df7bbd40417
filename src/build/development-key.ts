import { generateKeyPair } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ok, type Result } from "../failure/result.ts";
import { ownedName } from "../store/process-identity.ts";
import { onDisk } from "../store/store-failure.ts";

/** RSA-2048 is the shortest that U-Boot verifies, and made in well under a second. */
const bits = 2048;

export function developmentKeyFile(cacheDir: string, name: string): string {
  return join(cacheDir, "keys", "development", `${name}.key`);
}

/**
 * Makes a key for whoever has none yet, once in a cache, readable by this user alone. Two that make it at the same
 * time end up with one.
 */
export function makeDevelopmentKey(cacheDir: string, name: string): Promise<Result<undefined>> {
  const file = developmentKeyFile(cacheDir, name);
  if (existsSync(file)) return Promise.resolve(ok(undefined));
  return onDisk(cacheDir, async () => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const { privateKey } = await promisify(generateKeyPair)("rsa", {
      modulusLength: bits,
      publicExponent: 0x10001,
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const temporary = join(dirname(file), `.${ownedName()}`);
    try {
      await writeFile(temporary, privateKey, { mode: 0o600, flag: "wx" });
      await link(temporary, file);
    } catch (error) {
      if (!existsSync(file)) throw error;
    } finally {
      await rm(temporary, { force: true });
    }
    return ok(undefined);
  });
}
