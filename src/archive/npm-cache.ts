import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failed, ok, type Failed, type Result } from "../failure/result.ts";
import { interruptedFailure } from "../fetch/attempt.ts";
import { redact } from "../fetch/place.ts";
import { runCommand, type Finished } from "../fetch/run-command.ts";
import type { FetchContext } from "../fetch/wanted-file.ts";
import type { NpmPackage } from "./npm-packages.ts";

/** Where npm's own cache keeps the content of a digest (cacache, content version 2). */
export function npmContentPath(cache: string, sha512: string): string {
  return join(
    cache,
    "_cacache",
    "content-v2",
    "sha512",
    sha512.slice(0, 2),
    sha512.slice(2, 4),
    sha512.slice(4),
  );
}

/** Packages that one call of npm is given. */
const atOnce = 24;

/**
 * Has npm put packages into its own cache: npm alone knows the registry, its proxy, its certificates and its
 * passwords. What is there already is not asked for.
 * @returns the folder of npm's cache
 */
export async function fillNpmCache(
  packages: readonly NpmPackage[],
  context: FetchContext,
): Promise<Result<string>> {
  const { environment, signal, emit } = context;
  // Beside a package.json of somebody's, npm would obey the .npmrc that lies there.
  const npm = (...args: string[]): Promise<Finished> =>
    runCommand("npm", args, { environment, signal, cwd: tmpdir() });
  const interrupted = (): boolean => signal.aborted;
  const config = await npm("config", "get", "cache");
  if (interrupted()) return failed(interruptedFailure);
  if (config.status !== 0) return npmFailure("npm does not say where its cache is", config);
  const cache = config.stdout.trim();
  const missing = packages.filter(({ sha512 }) => !existsSync(npmContentPath(cache, sha512)));
  if (missing.length === 0) return ok(cache);
  if (context.offline) {
    return failed({
      code: "NVLAB_OFFLINE",
      message: `${String(missing.length)} npm packages are not in npm's cache, and the network may not be used`,
      hint: "leave --offline out, or npm with `--only` and the names of what is wanted",
      details: missing.slice(0, 20).map(({ name, version }) => `${name}@${version}`),
    });
  }
  for (let first = 0; first < missing.length; first += atOnce) {
    const some = missing.slice(first, first + atOnce);
    const file = `npm packages ${String(first + 1)} to ${String(first + some.length)} of ${String(missing.length)}`;
    emit({ type: "download-started", file, bytes: 0 });
    const added = await npm("cache", "add", ...some.map(({ name, version }) => `${name}@${version}`));
    if (interrupted()) return failed(interruptedFailure);
    if (added.status !== 0) return npmFailure("npm cannot fetch the packages of package-lock.json", added);
    emit({ type: "download-finished", file, bytes: 0 });
  }
  return ok(cache);
}

function npmFailure(message: string, { status, stderr }: Finished): Failed {
  return failed({
    code: "NVLAB_DOWNLOAD",
    message: status === 127 ? "npm is not installed" : message,
    hint: "`npm ping` asks the registry that npm is set to; without npm packages: --only and the names of what is wanted",
    details: redact(stderr)
      .split("\n")
      .filter((line) => line.trim() !== "")
      .slice(0, 10),
  });
}
