import { HashAlgorithm } from "@cyclonedx/cyclonedx-library/Enums";
import { HashDictionary } from "@cyclonedx/cyclonedx-library/Models";
import { hexOfIntegrity } from "../release/integrity.ts";

/** The digests of an SRI text, which has a SHA-256 and may have a SHA-512. */
export function digestsOf(integrity: string): HashDictionary {
  const hashes = new HashDictionary([[HashAlgorithm["SHA-256"], hexOfIntegrity(integrity, "sha256")]]);
  if (integrity.includes("sha512-"))
    hashes.set(HashAlgorithm["SHA-512"], hexOfIntegrity(integrity, "sha512"));
  return hashes;
}
