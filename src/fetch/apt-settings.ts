import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";
import type { Environment } from "./wanted-file.ts";

/** A line of apt's auth.conf: where it holds, and the user and password for it. */
export interface Login {
  /** host[:port][/path], with a protocol in front only where the file gives one. */
  readonly machine: string;
  readonly user: string;
  readonly password: string;
}

/** What the host's apt knows about reaching the network. */
export interface AptSettings {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  /** Hosts that apt asks without the proxy. */
  readonly direct: readonly string[];
  readonly caFile?: string;
  readonly logins: readonly Login[];
}

/** Reads the lines that `apt-config dump Acquire` prints. */
export function parseAptConfig(dump: string): Omit<AptSettings, "logins"> {
  const values = new Map<string, string>();
  const direct: string[] = [];
  for (const match of dump.matchAll(/^(\S+) "(.*)";$/gm)) {
    const key = (match[1] ?? "").toLowerCase();
    const value = match[2] ?? "";
    values.set(key, value);
    const host = /^acquire::https?::proxy::(.+)$/.exec(key)?.[1];
    if (host !== undefined && value === "DIRECT") direct.push(host);
  }
  const proxy = (key: string): string | undefined => {
    const value = values.get(key);
    return value === undefined || value === "" || value === "DIRECT" || value === "false" ? undefined : value;
  };
  const httpProxy = proxy("acquire::http::proxy");
  const httpsProxy = proxy("acquire::https::proxy") ?? httpProxy;
  const caFile = values.get("acquire::https::cainfo");
  return {
    direct,
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(caFile === undefined || caFile === "" ? {} : { caFile }),
  };
}

/** Reads apt_auth.conf(5): words `machine X login Y password Z`, in any lines. */
export function parseLogins(text: string): Login[] {
  const words = text.replaceAll(/^\s*#.*$/gm, "").match(/\S+/g) ?? [];
  const logins: { machine: string; user: string; password: string }[] = [];
  for (let index = 0; index + 1 < words.length; index += 2) {
    const value = words[index + 1] ?? "";
    const last = logins.at(-1);
    if (words[index] === "machine") logins.push({ machine: value, user: "", password: "" });
    else if (words[index] === "login" && last !== undefined) last.user = value;
    else if (words[index] === "password" && last !== undefined) last.password = value;
  }
  return logins;
}

/** The login that holds for a URL. As in apt, one without a protocol holds for https alone. */
export function loginFor(url: URL, logins: readonly Login[]): Login | undefined {
  const asked = url.host + url.pathname;
  return logins.find(({ machine }) => {
    const [protocol, place] = machine.includes("://") ? machine.split("://", 2) : ["https", machine];
    if (`${protocol ?? ""}:` !== url.protocol || place === undefined) return false;
    const held = place.endsWith("/") ? place : `${place}/`;
    return asked === place || asked.startsWith(held);
  });
}

async function readLogins(folder: string): Promise<Login[]> {
  const parts = await readdir(join(folder, "auth.conf.d")).catch((): string[] => []);
  const files = [
    join(folder, "auth.conf"),
    ...parts
      .sort()
      .filter((name) => name.endsWith(".conf"))
      .map((name) => join(folder, "auth.conf.d", name)),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return texts.flatMap(parseLogins);
}

/** The settings of this host's apt; nothing where there is no apt. */
export async function readAptSettings(environment: Environment, etc = "/etc/apt"): Promise<AptSettings> {
  const dump = await runCommand("apt-config", ["dump", "Acquire"], { environment });
  return { ...parseAptConfig(dump.stdout), logins: await readLogins(etc) };
}
