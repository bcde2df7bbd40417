import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import type { Failure } from "../failure/failure.ts";
import { all, failed, ok, type Result } from "../failure/result.ts";
import { positionOf, type DataPath, type Located } from "../recipe/located.ts";
import { parseYaml } from "../recipe/parse-yaml.ts";
import { Project } from "../recipe/schema/project.ts";
import { Name } from "../recipe/schema/text.ts";
import { samePublicKey } from "../sign/key.ts";
import { parsePublicKey, readPublicKey } from "../sign/read-key.ts";
import type { Policy, TrustedKey } from "./policy.ts";

/** A day, which begins at midnight UTC, or a moment. */
const Moment = z
  .string()
  .refine(
    (text) => /^\d{4}-\d{2}-\d{2}(T[0-9:.]+Z)?$/.test(text) && !Number.isNaN(Date.parse(text)),
    "a day such as 2027-06-30, or a moment such as 2027-06-30T12:00:00Z",
  );

const Threshold = z.int().min(1).default(1);

const KeyEntry = z
  .strictObject({
    file: z.string().min(1).optional().describe("relative to the policy"),
    minisign: z.string().min(1).optional().describe("the second line of a public key file of minisign"),
    expires: Moment.optional(),
  })
  .refine(({ file, minisign }) => (file === undefined) !== (minisign === undefined), {
    error: "a key has either `file` or `minisign`",
  });

const Keys = z.array(Name).min(1);

/** A policy for `nvlab verify --policy` (docs/signing.md). JSON is YAML too. */
export const PolicyFile = z.strictObject({
  expires: Moment.optional().describe("from then on the policy itself counts for nothing"),
  keys: z.record(Name, KeyEntry),
  signers: z
    .strictObject({ required: Keys.optional(), any: Keys.optional(), threshold: Threshold })
    .default({ threshold: 1 }),
  target: Name.optional(),
  "minimum-version": Project.shape.version.optional(),
  builder: z.string().min(1).optional().describe("URI that the provenance has to name"),
  reproduced: z.strictObject({ by: Keys.optional(), threshold: Threshold }).optional(),
  tested: z.strictObject({ by: Keys.optional() }).optional(),
});
type PolicyFile = z.output<typeof PolicyFile>;

/** Reads a policy and the keys that it names. Faults: NVLAB_YAML, NVLAB_POLICY and NVLAB_KEY, with their places. */
export async function readPolicy(path: string, now: Date): Promise<Result<Policy>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return failed({ code: "NVLAB_POLICY", message: `${path} cannot be read (${String(error.code)})` });
  }
  const parsed = parseYaml(path, text, PolicyFile, "NVLAB_POLICY");
  if (!parsed.ok) return parsed;
  const document = parsed.value;
  const { expires } = document.value;
  if (expires !== undefined && now.getTime() >= Date.parse(expires)) {
    return failed(wrong(document, ["expires"], `the policy expired on ${expires}`));
  }
  const keys = await readKeys(document, dirname(path));
  return keys.ok ? policyOf(document, keys.value) : keys;
}

async function readKeys(document: Located<PolicyFile>, folder: string): Promise<Result<TrustedKey[]>> {
  const keys: Result<TrustedKey>[] = [];
  const seen: TrustedKey[] = [];
  for (const [name, { file, minisign, expires }] of Object.entries(document.value.keys)) {
    const read =
      file === undefined
        ? parsePublicKey(minisign ?? "", `the key '${name}'`)
        : await readPublicKey(resolve(folder, file));
    const at = positionOf(document, ["keys", name]);
    if (!read.ok) {
      keys.push(failed(...read.failures.map((failure): Failure => ({ at, ...failure }))));
      continue;
    }
    const same = seen.find(({ key }) => samePublicKey(key, read.value));
    if (same) {
      keys.push(failed(wrong(document, ["keys", name], `'${same.name}' and '${name}' are the same key`)));
      continue;
    }
    const key = { name, key: read.value, ...(expires !== undefined && { expires: new Date(expires) }) };
    seen.push(key);
    keys.push(ok(key));
  }
  return all(keys);
}

function policyOf(document: Located<PolicyFile>, keys: readonly TrustedKey[]): Result<Policy> {
  const { value } = document;
  const failures: Failure[] = [];
  const named = (names: readonly string[] | undefined, path: DataPath): TrustedKey[] => {
    if (names === undefined) return [...keys];
    const found = names.flatMap((name, index) => {
      const key = keys.find((one) => one.name === name);
      if (key) return [key];
      failures.push(wrong(document, [...path, index], `there is no key '${name}' in this policy`));
      return [];
    });
    return [...new Set(found)];
  };
  const quorum = (by: TrustedKey[], threshold: number, path: DataPath) => {
    if (by.length < threshold) {
      const message = `${threshold} signers are asked for, and there are ${by.length} keys that count`;
      failures.push(wrong(document, [...path, "threshold"], message));
    }
    return { by, threshold };
  };
  const { signers, reproduced, tested } = value;
  const policy: Policy = {
    keys,
    signers: {
      ...quorum(named(signers.any, ["signers", "any"]), signers.threshold, ["signers"]),
      required: signers.required === undefined ? [] : named(signers.required, ["signers", "required"]),
    },
    ...(value.target !== undefined && { target: value.target }),
    ...(value["minimum-version"] !== undefined && { minimumVersion: value["minimum-version"] }),
    ...(value.builder !== undefined && { builder: value.builder }),
    ...(reproduced && {
      reproduced: quorum(named(reproduced.by, ["reproduced", "by"]), reproduced.threshold, ["reproduced"]),
    }),
    ...(tested && { tested: named(tested.by, ["tested", "by"]) }),
  };
  return failures.length > 0 ? failed(...failures) : ok(policy);
}

function wrong(document: Located<unknown>, path: DataPath, message: string): Failure {
  return { code: "NVLAB_POLICY", message, at: positionOf(document, path) };
}
