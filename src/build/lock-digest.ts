import { createHash } from "node:crypto";
import type { Lock } from "../lock/lock.ts";
import { canonicalJson, type Json } from "../plan/canonical-json.ts";

/** Hexadecimal SHA-256 over the lock's content, however it is laid out: what a manifest says of its lock. */
export function lockDigest(lock: Lock): string {
  return createHash("sha256")
    .update(canonicalJson(lock as unknown as Json))
    .digest("hex");
}
