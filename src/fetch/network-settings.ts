import { readFile } from "node:fs/promises";
import { rootCertificates } from "node:tls";
import type { AptSettings } from "./apt-settings.ts";
import type { Environment } from "./wanted-file.ts";

export interface ProxySettings {
  /** Empty: none. */
  readonly httpProxy: string;
  readonly httpsProxy: string;
  /** Comma-separated, as in no_proxy. */
  readonly noProxy: string;
}

/** Proxies of the environment, else those of apt. Lower-case variables win, as in curl. */
export function proxySettings(environment: Environment, apt: AptSettings): ProxySettings {
  const variable = (name: string): string | undefined => environment[name] ?? environment[name.toUpperCase()];
  const httpProxy = variable("http_proxy");
  const httpsProxy = variable("https_proxy");
  const every = variable("all_proxy");
  const fromEnvironment = httpProxy ?? httpsProxy ?? every;
  const exceptions = [variable("no_proxy") ?? "", ...(fromEnvironment === undefined ? apt.direct : [])];
  return {
    httpProxy: httpProxy ?? every ?? apt.httpProxy ?? "",
    httpsProxy: httpsProxy ?? every ?? apt.httpsProxy ?? "",
    noProxy: exceptions.filter((entry) => entry !== "").join(","),
  };
}

function isNamed(file: string | undefined): file is string {
  return file !== undefined && file !== "";
}

/**
 * Certificate authorities to trust beside those of Node; undefined where nothing beyond NODE_EXTRA_CA_CERTS,
 * which Node reads by itself, is asked for.
 */
export async function certificateAuthorities(
  environment: Environment,
  apt: AptSettings,
): Promise<string[] | undefined> {
  const extra = environment.NODE_EXTRA_CA_CERTS;
  const asked = [environment.SSL_CERT_FILE, apt.caFile].filter((file) => file !== undefined && file !== "");
  if (asked.every((file) => file === extra)) return undefined;
  const files = [...new Set([extra, ...asked])].filter(isNamed);
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return [...rootCertificates, ...texts.filter((text) => text !== "")];
}
