import { mkdir } from "node:fs/promises";
import { failed, ok, type Result } from "../failure/result.ts";
import { interruptedFailure } from "../fetch/attempt.ts";
import { redact } from "../fetch/place.ts";
import { runCommand } from "../fetch/run-command.ts";
import type { Environment } from "../fetch/wanted-file.ts";

/**
 * GNU tar refuses names with '..' and makes links that lead outside last, so that one archive cannot write
 * through its own links; each package has a folder of its own, so that it cannot through another's either.
 */
const script =
  'dpkg-deb --fsys-tarfile "$1" | tar -x -f - -C "$2" --no-same-owner --no-same-permissions --warning=no-timestamp';

/** Unpacks the files of a Debian package into a folder of its own. */
export async function unpackPackage(
  file: string,
  name: string,
  folder: string,
  options: { readonly environment: Environment; readonly signal: AbortSignal },
): Promise<Result<undefined>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const run = await runCommand(
    "bash",
    ["-o", "pipefail", "-c", `umask 022; ${script}`, "nvlab", file, folder],
    options,
  );
  if (run.status === 0) return ok(undefined);
  if (options.signal.aborted) return failed(interruptedFailure);
  const details = redact(run.stderr)
    .split("\n")
    .filter((line) => line.trim() !== "");
  if (/No space left on device|Disk quota exceeded/.test(run.stderr)) {
    return failed({
      code: "NVLAB_DISK_FULL",
      message: `no space is left on the disk while unpacking ${name}`,
      hint: "free some space, run `nvlab gc`, or choose another disk with --cache-dir",
    });
  }
  if (run.stderr.includes("command not found")) {
    return failed({
      code: "NVLAB_ROOT",
      message: "unpacking packages needs dpkg-deb and tar, and this host lacks one of them",
      hint: "sudo apt install dpkg tar",
      details,
    });
  }
  return failed({
    code: "NVLAB_ARCHIVE",
    message: `${name} cannot be unpacked`,
    hint: "the archive is broken or hostile: nothing of it was used",
    details: details.slice(0, 10),
  });
}
