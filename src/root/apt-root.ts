import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failed, ok, type Result } from "../failure/result.ts";
import { interruptedFailure } from "../fetch/attempt.ts";
import { baseOfSuite } from "../fetch/debian-mirrors.ts";
import { redact } from "../fetch/place.ts";
import { runCommand, type Finished } from "../fetch/run-command.ts";
import type { FetchContext } from "../fetch/wanted-file.ts";
import { field, parseStanzas } from "./stanza.ts";

/** An apt with folders of its own, that knows nothing of what this host has installed. */
export interface AptRoot {
  readonly folder: string;
  /** Runs apt-get or apt-cache on it. */
  readonly run: (command: "apt-get" | "apt-cache", args: readonly string[]) => Promise<Finished>;
  /** Date of the newest Release file, in seconds since 1970. */
  readonly archiveTime: number;
}

export interface AptRootRequest {
  readonly base: string;
  readonly suites: readonly string[];
  readonly kind: "deb" | "deb-src";
  /** Path of the keyring that signs the indexes. */
  readonly keyring: string;
}

/** Only what says how to reach a mirror: never the host's sources, pins or hooks. */
const keptSettings = /^Acquire::(?:https?|socks|tor|ForceIPv[46]|Check-Valid-Until|Retries|Max-ValidTime)\b/i;

export function aptConfiguration(folder: string, hostSettings: string): string {
  const host = hostSettings.split("\n").filter((line) => keptSettings.test(line));
  return [
    ...host,
    `Dir::State "${folder}/state";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}/cache";`,
    `Dir::Log "${folder}/log";`,
    `Dir::Etc "${folder}/etc";`,
    `Dir::Etc::netrc "/etc/apt/auth.conf";`,
    `Dir::Etc::netrcparts "/etc/apt/auth.conf.d";`,
    `APT::Architecture "amd64";`,
    `APT::Architectures "amd64";`,
    // As root, apt would drop to a user who may not read this folder.
    `APT::Sandbox::User "root";`,
    `APT::Install-Recommends "false";`,
    `APT::Install-Suggests "false";`,
    // The messages of this solver are read; newer versions of apt have another one as well.
    `APT::Solver "internal";`,
    `APT::Update::Error-Mode "any";`,
    `Acquire::Languages "none";`,
    `Acquire::GzipIndexes "false";`,
    "",
  ].join("\n");
}

/** Lines for sources.list(5). */
export function sourceLines({ base, suites, kind, keyring }: AptRootRequest): string {
  const place = (suite: string): string => {
    const at = baseOfSuite(base, suite);
    return at.startsWith("/") ? `file:${encodeURI(at)}` : at;
  };
  return suites.map((suite) => `${kind} [signed-by=${keyring}] ${place(suite)} ${suite} main\n`).join("");
}

async function newestRelease(lists: string): Promise<number> {
  const names = (await readdir(lists)).filter((name) => /_(?:In)?Release$/.test(name));
  const dates = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(lists, name), "utf8");
      const date = parseStanzas(text)
        .map((stanza) => field(stanza, "Date"))
        .find((found) => found !== "");
      return Math.floor(Date.parse(date ?? "") / 1000);
    }),
  );
  return Math.max(0, ...dates.filter((date) => Number.isFinite(date)));
}

/** The lines of apt that say what went wrong, without credentials. */
export function complaints(run: Finished): string[] {
  const lines = `${run.stderr}\n${run.stdout}`.split("\n");
  const found = lines.filter((line) => /^(?:E|W|Err):/.test(line));
  return (found.length > 0 ? found : lines.filter((line) => line.trim() !== "")).slice(0, 20).map(redact);
}

/** Makes a private apt root below <cache>/tmp and gets the signed indexes of one mirror. */
export async function openAptRoot(request: AptRootRequest, context: FetchContext): Promise<Result<AptRoot>> {
  const { environment, signal, cacheDir } = context;
  await mkdir(join(cacheDir, "tmp"), { recursive: true });
  const folder = await mkdtemp(join(cacheDir, "tmp", "apt-"));
  for (const path of [
    "state/lists/partial",
    "cache/archives/partial",
    "etc/apt.conf.d",
    "etc/preferences.d",
    "log",
  ]) {
    await mkdir(join(folder, path), { recursive: true });
  }
  const host = await runCommand("apt-config", ["dump", "Acquire"], { environment, signal });
  const configuration = join(folder, "apt.conf");
  await writeFile(configuration, aptConfiguration(folder, host.stdout), { mode: 0o600 });
  await writeFile(join(folder, "status"), "");
  await writeFile(join(folder, "etc", "preferences"), "");
  await writeFile(join(folder, "etc", "sources.list"), sourceLines(request), { mode: 0o600 });
  const run: AptRoot["run"] = (command, args) =>
    runCommand(command, args, { environment: { ...environment, APT_CONFIG: configuration }, signal });

  const update = await run("apt-get", ["update", "-q"]);
  if (update.status === 0) {
    return ok({ folder, run, archiveTime: await newestRelease(join(folder, "state", "lists")) });
  }
  await rm(folder, { recursive: true, force: true });
  if (signal.aborted) return failed(interruptedFailure);
  if (update.status === 127) {
    return failed({
      code: "NVLAB_RESOLVE",
      message: "resolving packages needs apt, which this host does not have",
      hint: "lock on a Debian or Ubuntu machine; building from a lock needs no apt",
    });
  }
  return failed({
    code: "NVLAB_RESOLVE",
    message: `apt cannot read the indexes of ${redact(request.base)}`,
    hint: "check the mirror, the proxy and the archive keyring; `nvlab doctor` asks them",
    details: complaints(update),
  });
}
