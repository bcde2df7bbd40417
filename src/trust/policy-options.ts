import { basename } from "node:path";
import { all, failed, ok, type Result } from "../failure/result.ts";
import { keyId, samePublicKey } from "../sign/key.ts";
import { readPublicKey } from "../sign/read-key.ts";
import type { Policy, TrustedKey } from "./policy.ts";
import { readPolicy } from "./policy-file.ts";

/** What the command line says of a policy; paths are absolute. */
export interface PolicyOptions {
  readonly policy?: string;
  readonly key: readonly string[];
  /** Keys that have to have signed. */
  readonly signer: readonly string[];
  /** Keys that may state a rebuild, and nothing else: one of them has to. */
  readonly rebuilder: readonly string[];
  readonly threshold?: number;
  readonly target?: string;
  readonly minimumVersion?: string;
  readonly builder?: string;
  readonly requireReproduced?: boolean;
  readonly requireTested?: boolean;
}

/**
 * The policy of a file with what the command line adds to it: more keys, and stricter or other demands. Fails with
 * NVLAB_KEY, NVLAB_POLICY or NVLAB_YAML, and with NVLAB_USAGE where no key is given at all.
 */
export async function composePolicy(options: PolicyOptions, now: Date): Promise<Result<Policy>> {
  const base = options.policy === undefined ? ok(undefined) : await readPolicy(options.policy, now);
  if (!base.ok) return base;
  const known: TrustedKey[] = [...(base.value?.keys ?? [])];
  const read = async (paths: readonly string[]): Promise<Result<TrustedKey[]>> => {
    const keys: Result<TrustedKey>[] = [];
    for (const path of paths) keys.push(await readTrusted(path, known));
    return all(keys);
  };
  const [key, signer, rebuilder] = [
    await read(options.key),
    await read(options.signer),
    await read(options.rebuilder),
  ];
  if (!key.ok) return key;
  if (!signer.ok) return signer;
  if (!rebuilder.ok) return rebuilder;
  if (known.length === 0) {
    return failed({
      code: "NVLAB_USAGE",
      message: "no key is given that the release could be checked with",
      hint: "give --key PUBLIC-KEY, or --policy FILE",
    });
  }
  const signers = unique([...(base.value?.signers.by ?? []), ...key.value, ...signer.value]);
  const required = unique([...(base.value?.signers.required ?? []), ...signer.value]);
  const threshold = options.threshold ?? base.value?.signers.threshold ?? 1;
  if (signers.length < threshold) {
    return failed({
      code: "NVLAB_USAGE",
      message: `${threshold} signers are asked for, and there are ${signers.length} keys that count`,
      hint: "give more of --key, or a lower --threshold",
    });
  }
  const rebuilders = rebuilder.value.length > 0 ? rebuilder.value : known;
  const reproduced =
    rebuilder.value.length > 0 || options.requireReproduced === true
      ? { by: rebuilders, threshold: 1 }
      : base.value?.reproduced;
  const tested = options.requireTested === true ? signers : base.value?.tested;
  const { target, minimumVersion, builder } = { ...base.value, ...withoutUndefined(options) };
  return ok({
    keys: known,
    signers: { by: signers, required, threshold },
    ...(target !== undefined && { target }),
    ...(minimumVersion !== undefined && { minimumVersion }),
    ...(builder !== undefined && { builder }),
    ...(reproduced && { reproduced }),
    ...(tested && { tested }),
  });
}

/** A key that is known already, under whatever name, is that one: it counts once. */
async function readTrusted(path: string, known: TrustedKey[]): Promise<Result<TrustedKey>> {
  const read = await readPublicKey(path);
  if (!read.ok) return read;
  const before = known.find(({ key }) => samePublicKey(key, read.value));
  if (before) return ok(before);
  const name = basename(path).replace(/\.pub(\.pem)?$|\.pem$/, "") || keyId(read.value);
  const key = { name, key: read.value };
  known.push(key);
  return ok(key);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

function withoutUndefined({ target, minimumVersion, builder }: PolicyOptions) {
  return {
    ...(target !== undefined && { target }),
    ...(minimumVersion !== undefined && { minimumVersion }),
    ...(builder !== undefined && { builder }),
  };
}
