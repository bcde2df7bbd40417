import { failed, ok, type Result } from "../failure/result.ts";
import { z } from "zod";

/** A package that package-lock.json names, with what a registry would say of it. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** Hexadecimal SHA-512 of the tarball. */
  readonly sha512: string;
  readonly integrity: string;
  /** What the lock repeats of the package's own package.json. */
  readonly facts: Readonly<Record<string, unknown>>;
}

const Entry = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  inBundle: z.boolean().optional(),
});

/** package-lock.json since npm 7 (docs of npm, "package-lock.json"): paths below node_modules. */
const PackageLock = z.looseObject({
  lockfileVersion: z.int().min(2),
  packages: z.record(z.string(), Entry),
});

const repeated = [
  ...["dependencies", "optionalDependencies", "peerDependencies", "peerDependenciesMeta"],
  ...["bin", "engines", "os", "cpu", "libc", "hasInstallScript", "license"],
];

const namePattern = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-zA-Z0-9][a-zA-Z0-9._-]*$/;
const versionPattern = /^[0-9][0-9A-Za-z.+-]*$/;

/** Reads package-lock.json: every tarball once, sorted by name and version. */
export function readPackageLock(text: string, file: string): Result<NpmPackage[]> {
  const fail = (message: string): Result<never> =>
    failed({ code: "NVLAB_MIRROR", message: `${file}: ${message}`, hint: "make it anew with `npm install`" });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return fail("it is not JSON");
  }
  const checked = PackageLock.safeParse(parsed);
  if (!checked.success) return fail("it is no package-lock.json of npm 7 or newer");
  const found = new Map<string, NpmPackage>();
  for (const [path, entry] of Object.entries(checked.data.packages)) {
    const at = path.lastIndexOf("node_modules/");
    if (at < 0 || entry.link === true || entry.inBundle === true) continue;
    const name = entry.name ?? path.slice(at + "node_modules/".length);
    const { version = "", integrity = "" } = entry;
    const sha512 = /(?:^| )sha512-([A-Za-z0-9+/]{86}==)(?:$| )/.exec(integrity)?.[1];
    if (!namePattern.test(name) || !versionPattern.test(version))
      return fail(`it names a package that no registry can have: ${JSON.stringify(`${name}@${version}`)}`);
    if (sha512 === undefined)
      return fail(`${name}@${version} has no SHA-512, so no copy of it can be checked`);
    const known = found.get(`${name}@${version}`);
    const hex = Buffer.from(sha512, "base64").toString("hex");
    if (known !== undefined && known.sha512 !== hex) return fail(`${name}@${version} has two digests`);
    const facts = Object.fromEntries(repeated.flatMap((key) => (key in entry ? [[key, entry[key]]] : [])));
    found.set(`${name}@${version}`, { name, version, sha512: hex, integrity: `sha512-${sha512}`, facts });
  }
  return ok(
    [...found.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1)),
  );
}
