import { relative, resolve } from "node:path";
import { localBuilder } from "../../attest/provenance.ts";
import { ok } from "../../failure/result.ts";
import { releaseTarget, type PublishedRelease } from "../../publish/release-target.ts";
import { count } from "../../report/measure.ts";
import type { CommandContext, Run } from "../context.ts";
import { privateKeyFor } from "../keys/private-key.ts";
import type { ReleaseOptions } from "../options.ts";
import { readVersion } from "../version.ts";

export const run: Run<ReleaseOptions> = async (context, options) => {
  const key =
    options.key === undefined
      ? undefined
      : await privateKeyFor(context, resolve(context.directory, options.key));
  if (key?.ok === false) return key;
  const made = await releaseTarget(
    {
      target: options.target,
      sources: options.source ?? [],
      fitKeys: options.fitKey ?? [],
      releaseVersion: options.releaseVersion,
      jobs: options.jobs,
      key: key?.value,
      ...(options.expires && { expires: options.expires }),
      builder: options.builder ?? localBuilder,
      version: readVersion(context.home),
    },
    context,
  );
  if (!made.ok) return made;
  for (const name of made.value.withoutLicence) {
    context.emit({
      type: "notice",
      level: "warning",
      message: `the sources of '${name}' have no licence text: see that its licence does not ask for one`,
    });
  }
  return ok({
    data: made.value,
    result: describe(made.value, context),
    remarks: next(made.value, context),
  });
};

function describe(release: PublishedRelease, context: CommandContext): string {
  const { target, version, folder, archive, artifacts, documents, signedBy, repeated } = release;
  const signed = signedBy === undefined ? "not signed" : `signed with key ${signedBy}`;
  return [
    `${target} ${version}: ${count(artifacts, "artifact")}, ${count(documents, "document")}, ${signed}${repeated ? "; the same as it was" : ""}`,
    `  ${shown(folder, context)}`,
    `  ${shown(archive.path, context)}  ${archive.sha256}`,
  ].join("\n");
}

function next({ folder, signedBy }: PublishedRelease, context: CommandContext): string {
  const place = shown(folder, context);
  return signedBy === undefined
    ? `next: nvlab sign ${place} --key FILE`
    : `next: nvlab verify ${place} --key PUBLIC-KEY`;
}

function shown(path: string, { directory }: CommandContext): string {
  const short = relative(directory, path);
  return short.startsWith("..") || short === "" ? path : short;
}
