import { failed, ok, type Result } from "../failure/result.ts";
import { diskFailure } from "./disk-failure.ts";
import { prepareDownloads } from "./downloads.ts";
import { fetchFile } from "./fetch-file.ts";
import { nowhereFailure } from "./fetch-files.ts";
import type { FileDigests } from "./digest-file.ts";
import { openNetwork, timingOf } from "./network.ts";
import type { FetchContext } from "./wanted-file.ts";

/** Splits an SRI digest into its algorithm and hexadecimal value; undefined for other algorithms. */
export function parseIntegrity(integrity: string): { sha256: string } | { sha512: string } | undefined {
  const [algorithm, value = ""] = integrity.split("-", 2);
  const hex = Buffer.from(value, "base64").toString("hex");
  if (algorithm === "sha256" && hex.length === 64) return { sha256: hex };
  if (algorithm === "sha512" && hex.length === 128) return { sha512: hex };
  return undefined;
}

/** Downloads a file of which only an SRI digest is known, as while locking; it is in the cache afterwards. */
export async function fetchByIntegrity(
  file: { readonly name: string; readonly integrity: string; readonly places: readonly string[] },
  context: FetchContext,
): Promise<Result<FileDigests>> {
  const digest = parseIntegrity(file.integrity);
  if (digest === undefined) {
    return failed({
      code: "NVLAB_RECIPE",
      message: `${file.name}: ${file.integrity} is not a digest that nvlab knows`,
    });
  }
  if (context.offline) {
    return failed({
      code: "NVLAB_OFFLINE",
      message: `${file.name} has to be downloaded, and the network may not be used`,
    });
  }
  try {
    await prepareDownloads(context.cacheDir);
  } catch (error) {
    const failure = diskFailure(error, context.cacheDir);
    if (failure === undefined) throw error;
    return failed(failure);
  }
  const network = await openNetwork(context);
  if (!network.ok) return network;
  try {
    const tools = { ...context, network: network.value, timing: timingOf(context) };
    const result = await fetchFile({ name: file.name, places: file.places, ...digest }, tools);
    if (result.type === "done") return ok(result.digests);
    return failed(result.type === "stop" ? result.failure : nowhereFailure(file.name, result.refusals));
  } finally {
    await network.value.close();
  }
}
