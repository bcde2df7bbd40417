import { resolve } from "node:path";
import { ok } from "../../failure/result.ts";
import { repackRelease } from "../../publish/pack.ts";
import { signRelease } from "../../trust/sign-release.ts";
import type { Run } from "../context.ts";
import { privateKeyFor } from "../keys/private-key.ts";
import type { SignOptions } from "../options.ts";

export const run: Run<SignOptions> = async (context, { release, key: file, expires, testResults }) => {
  const absolute = (path: string): string => resolve(context.directory, path);
  const key = await privateKeyFor(context, absolute(file));
  if (!key.ok) return key;
  const signed = await signRelease({
    path: absolute(release),
    key: key.value,
    ...(expires !== undefined && { expires }),
    ...(testResults !== undefined && { testResults: absolute(testResults) }),
    signal: context.signal,
  });
  if (!signed.ok) return signed;
  const { folder, target, version, key: id, written } = signed.value;
  const archive = await repackRelease(folder);
  if (!archive.ok) return archive;
  const lines = [
    `${target} ${version} signed with key ${id}`,
    ...written.map((path) => `  ${path}`),
    ...(archive.value === undefined ? [] : [`packed anew: ${archive.value.path}  ${archive.value.sha256}`]),
  ];
  return ok({
    data: { ...signed.value, ...(archive.value && { archive: archive.value }) },
    result: lines.join("\n"),
  });
};
