import { createHash } from "node:crypto";

/** Namespace of the identifiers that nvlab derives: itself a random UUID, written down once. */
const namespace = "5f1c7a52-9d0e-4c1b-8c53-2b6f0d6a9e41";

/** A UUID of version 5 (RFC 9562): the same for the same name, everywhere. Lower case. */
export function derivedUuid(name: string): string {
  const bytes = createHash("sha1")
    .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
