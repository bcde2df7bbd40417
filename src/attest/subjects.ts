import { hexOfIntegrity } from "../release/integrity.ts";
import type { Statement, Subject } from "./statement.ts";

/** A file of a release with both its digests, as the manifest names it. */
interface NamedFile {
  readonly path: string;
  /** SRI text. */
  readonly integrity: string;
}

/** The subjects of a statement about these files, sorted by name. */
export function subjectsOf(files: readonly NamedFile[]): Subject[] {
  return files
    .map(({ path, integrity }) => ({
      name: path,
      digest: { sha256: hexOfIntegrity(integrity, "sha256"), sha512: hexOfIntegrity(integrity, "sha512") },
    }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

export interface SubjectFault {
  readonly name: string;
  /** "strange": no such file in the release. "other": that file has another digest. "absent": not among the subjects. */
  readonly what: "strange" | "other" | "absent";
}

/**
 * What is wrong with the subjects of a statement that is to be about a release: they have to cover every file of
 * `required`, may name one of `allowed`, and each has to have that file's digests.
 */
export function checkSubjects(
  statement: Statement,
  required: readonly NamedFile[],
  allowed: readonly NamedFile[] = [],
): SubjectFault[] {
  const files = new Map([...allowed, ...required].map((file) => [file.path, file]));
  const named = new Set<string>();
  const faults: SubjectFault[] = [];
  for (const { name, digest } of statement.subject) {
    const [file] = subjectsOf([files.get(name)].filter((one) => one !== undefined));
    const same =
      digest.sha256 === file?.digest.sha256 &&
      (digest.sha512 === undefined || digest.sha512 === file.digest.sha512);
    if (!file) faults.push({ name, what: "strange" });
    else if (!same) faults.push({ name, what: "other" });
    named.add(name);
  }
  const absent = required.filter(({ path }) => !named.has(path));
  return [...faults, ...absent.map(({ path }): SubjectFault => ({ name: path, what: "absent" }))];
}
