/** What a signer says in the trusted comment of a minisign signature: fields apart by tabs, as minisign's own are. */
export interface SignedFields {
  /** Name of the signed file. */
  readonly file: string;
  readonly release: string;
  readonly target: string;
  /** After this moment the signature no longer counts. */
  readonly expires?: Date;
  /** The statements that the signer has signed beside it: hexadecimal SHA-256 of their payload by the envelope's name. */
  readonly statements: ReadonlyMap<string, string>;
}

/** Contains no time of signing: who signs the same release again gets the same signature. */
export function renderTrustedComment({ file, release, target, expires, statements }: SignedFields): string {
  return [
    `file:${file}`,
    "hashed",
    `release:${release}`,
    `target:${target}`,
    ...(expires === undefined ? [] : [`expires:${expires.toISOString()}`]),
    ...[...statements].sort().map(([name, sha256]) => `statement:${name}=${sha256}`),
  ].join("\t");
}

/** The fields of a comment in the form in which nvlab writes it; undefined for any other. */
export function parseTrustedComment(comment: string): SignedFields | undefined {
  const fields = comment.split("\t").map((field) => /^([a-z]+)(?::(.*))?$/.exec(field));
  const all = (name: string): string[] =>
    fields.flatMap((field) => (field?.[1] === name && field[2] !== undefined ? [field[2]] : []));
  const [file, release, target] = [all("file")[0], all("release")[0], all("target")[0]];
  const [expires] = all("expires").map((text) => new Date(text));
  if (file === undefined || release === undefined || target === undefined) return undefined;
  if (expires !== undefined && Number.isNaN(expires.getTime())) return undefined;
  const statements = new Map<string, string>();
  for (const text of all("statement")) {
    const [, name, sha256] = /^([\w.-]+)=([0-9a-f]{64})$/.exec(text) ?? [];
    if (name === undefined || sha256 === undefined) return undefined;
    statements.set(name, sha256);
  }
  const parsed = { file, release, target, ...(expires !== undefined && { expires }), statements };
  return renderTrustedComment(parsed) === comment ? parsed : undefined;
}
