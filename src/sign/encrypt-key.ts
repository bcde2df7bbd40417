import { createCipheriv, randomBytes, scryptSync } from "node:crypto";

/** Costs of scrypt (RFC 7914): 16 MiB and about a third of a second for each passphrase that somebody tries. */
const cost = { N: 2 ** 14, r: 8, p: 5 };

/**
 * A PKCS#8 key in DER as PEM, encrypted with a passphrase: PBES2 (RFC 8018, section 6.2) of scrypt (RFC 7914,
 * section 7) and AES-256-CBC. OpenSSL and so Node and cosign's import read it. What Node itself would write has 2,048
 * rounds of PBKDF2, which a graphics card tries a million times a second.
 */
export function encryptedKeyPem(pkcs8: Buffer, passphrase: string): string {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", scryptSync(passphrase, salt, 32, cost), iv);
  const encrypted = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  const derivation = sequence(
    objectId("2b06010401da47040b"),
    sequence(octets(salt), integer(cost.N), integer(cost.r), integer(cost.p)),
  );
  const scheme = sequence(objectId("60864801650304012a"), octets(iv));
  const algorithm = sequence(objectId("2a864886f70d01050d"), sequence(derivation, scheme));
  const lines =
    sequence(algorithm, octets(encrypted))
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${lines.join("\n")}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}

/** DER (ITU-T X.690) of a value with a short or a two-byte length. */
function encoded(tag: number, content: Buffer): Buffer {
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => encoded(0x30, Buffer.concat(parts));
const octets = (bytes: Buffer): Buffer => encoded(0x04, bytes);
const objectId = (hex: string): Buffer => encoded(0x06, Buffer.from(hex, "hex"));

function integer(value: number): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return encoded(0x02, Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, "hex"));
}
