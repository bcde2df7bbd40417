import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { walkTree } from "../store/walk-tree.ts";

/** The text of a licence, or a notice that has to go with the code, as it was found. */
export interface LicenceText {
  /** Below the tree in which it was found, forward slashes. */
  readonly path: string;
  readonly content: Buffer;
}

/** No licence is longer; a larger file of such a name is something else. */
const longest = 1024 * 1024;

const name = /^(?:copying|licen[cs]es?|copyright|notices?|thirdpartynotices?|patents)(?:[-._].*)?$/i;
/** Programs, tables and manuals about licences. */
const other = /\.(?:[ch]|cc|cpp|css|dts|go|html?|in|js|json|pl|py|rs|rst|sh|ts|xml|ya?ml)$/i;

const folder = /^licen[cs]es$/i;

/**
 * Licence texts in a source tree: files that are called so, and all files in a folder called LICENSES (REUSE) or
 * Licenses. A text that is there more than once is given once, under the first of its paths. Throws system errors.
 */
export function licenceTexts(tree: string): LicenceText[] {
  const found = [...walkTree(tree)].filter(({ path, type, stats }) => {
    if (type !== "file" || !isReadable(stats)) return false;
    const parts = path.split("/");
    return isText(parts.at(-1) ?? "") || parts.slice(0, -1).some((part) => folder.test(part));
  });
  return unrepeated(found.map(({ path, absolute }) => ({ path, content: readFileSync(absolute) })));
}

/** Likewise of a project: its own texts are at its top and in LICENSES there; what else it holds came from others. */
export function topLicenceTexts(project: string): LicenceText[] {
  const texts = readdirSync(project, { withFileTypes: true }).flatMap((entry): LicenceText[] => {
    const path = entry.name;
    if (entry.isDirectory() && folder.test(path)) {
      return [...walkTree(join(project, path))]
        .filter(({ type, stats }) => type === "file" && isReadable(stats))
        .map((met) => ({ path: `${path}/${met.path}`, content: readFileSync(met.absolute) }));
    }
    if (!entry.isFile() || !isText(path) || !isReadable(lstatSync(join(project, path)))) return [];
    return [{ path, content: readFileSync(join(project, path)) }];
  });
  return unrepeated(texts);
}

function isText(fileName: string): boolean {
  return name.test(fileName) && !other.test(fileName);
}

function isReadable({ size }: { readonly size: number }): boolean {
  return size > 0 && size <= longest;
}

function unrepeated(texts: LicenceText[]): LicenceText[] {
  const seen = new Set<string>();
  return texts
    .sort((a, b) => byDepth(a.path, b.path))
    .filter(({ content }) => {
      const digest = createHash("sha256").update(content).digest("hex");
      if (seen.has(digest)) return false;
      seen.add(digest);
      return true;
    });
}

/** The upper folders first: the text that all others repeat is there. */
function byDepth(a: string, b: string): number {
  const [left, right] = [a.split("/").length, b.split("/").length];
  return left !== right ? left - right : a < b ? -1 : 1;
}

/**
 * The copyright file of a Debian package in an unpacked root (Debian Policy, section 12.5), and the common licences that
 * it refers to. Undefined where the root does not have it.
 */
export function debianCopyright(root: string, packageName: string): LicenceText[] | undefined {
  const copyright = readInside(root, `usr/share/doc/${packageName}/copyright`);
  if (copyright === undefined) return undefined;
  const named = copyright
    .toString("utf8")
    .matchAll(/\/usr\/share\/common-licenses\/([A-Za-z0-9][A-Za-z0-9.+-]*)/g);
  const common = new Set([...named].map(([, one = ""]) => one.replace(/[.-]+$/, "")));
  return [
    { path: "copyright", content: copyright },
    ...[...common].sort().flatMap((one) => {
      const content = readInside(root, `usr/share/common-licenses/${one}`);
      return content === undefined ? [] : [{ path: `common-licenses/${one}`, content }];
    }),
  ];
}

/** A package's folder may be a link to another one's, but never leads out of the root. */
function readInside(root: string, path: string): Buffer | undefined {
  try {
    const real = realpathSync(join(root, path));
    return real.startsWith(`${realpathSync(root)}/`) ? readFileSync(real) : undefined;
  } catch {
    return undefined;
  }
}
