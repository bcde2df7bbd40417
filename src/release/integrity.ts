import ssri from "ssri";

/** SRI text of a hexadecimal SHA-256. */
export function sha256Integrity(hex: string): string {
  return ssri.fromHex(hex, "sha256").toString();
}

/** SRI text of both digests of a file, "sha256-… sha512-…". */
export function fileIntegrity(digests: { readonly sha256: string; readonly sha512: string }): string {
  return `${sha256Integrity(digests.sha256)} ${ssri.fromHex(digests.sha512, "sha512").toString()}`;
}

/** The hexadecimal SHA-256 in an SRI text, or undefined where it has none. */
export function sha256OfIntegrity(integrity: string): string | undefined {
  const digest = integrity.split(" ").find((part) => part.startsWith("sha256-"));
  return digest === undefined ? undefined : ssri.parse(digest, { single: true }).hexDigest();
}

/** The hexadecimal digest of one algorithm in an SRI text that has it, as every one of a manifest has. */
export function hexOfIntegrity(integrity: string, algorithm: "sha256" | "sha512"): string {
  const digest = integrity.split(" ").find((part) => part.startsWith(`${algorithm}-`));
  if (digest === undefined) throw new Error(`no ${algorithm} in ${integrity}`);
  return Buffer.from(digest.slice(algorithm.length + 1), "base64").toString("hex");
}
