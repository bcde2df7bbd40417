import { humanSize } from "../../report/measure.ts";
import type { Check } from "./check.ts";

const gibibyte = 2 ** 30;
/** Roots, sources, one build and its outputs; measured with qemu-virt. */
const neededBytes = 4 * gibibyte;
const comfortableBytes = 10 * gibibyte;

const node: Check = (host) => {
  const [major = 0, minor = 0] = host.nodeVersion.split(".").map(Number);
  const recent = major > 20 || (major === 20 && minor >= 19);
  return Promise.resolve(
    recent
      ? { name: "node", state: "ok", found: host.nodeVersion }
      : {
          name: "node",
          state: "fail",
          found: `${host.nodeVersion}, and 20.19 is the oldest that will do`,
          mend: "install a newer one from https://nodejs.org",
        },
  );
};

const cache: Check = async (host) => {
  const run = await host.canRunFrom(host.cacheDir);
  const mend = "put the cache elsewhere: --cache-dir DIR or NVLAB_CACHE_DIR";
  if (!run.ok) {
    const found = run.failures[0]?.message ?? "";
    return { name: "cache folder", state: "fail", found, mend };
  }
  if (run.value) return { name: "cache folder", state: "ok", found: host.cacheDir };
  return {
    name: "cache folder",
    state: "fail",
    found: `${host.cacheDir}: no program can be run from there (mounted noexec?)`,
    mend,
  };
};

const disk: Check = async (host) => {
  const free = await host.freeBytes(host.cacheDir);
  const name = "disk space";
  if (free === undefined) return { name, state: "warn", found: "could not be told" };
  const found = `${humanSize(free)} free for ${host.cacheDir}`;
  if (free >= comfortableBytes) return { name, state: "ok", found };
  return {
    name,
    state: free < neededBytes ? "fail" : "warn",
    found: `${found}; a first build takes about ${humanSize(neededBytes)}`,
    mend: "nvlab gc --max-size 2G, or put the cache elsewhere with --cache-dir DIR",
  };
};

const sandbox: Check = async (host) => {
  const root = await host.findRoot();
  const probe = await host.probeSandbox(root);
  const name = "sandbox";
  if (probe.ok) {
    const found = root === undefined ? "user namespaces can be made" : "one was started in a root";
    return { name, state: "ok", found };
  }
  const [failure] = probe.failures;
  return {
    name,
    state: "fail",
    found: failure?.message ?? "",
    ...(failure?.hint === undefined ? {} : { mend: failure.hint }),
  };
};

const mirror: Check = async (host) => {
  const name = "debian mirror";
  const mirrors = await host.mirrors();
  if (!mirrors.ok) {
    const [failure] = mirrors.failures;
    return {
      name,
      state: "fail",
      found: failure?.message ?? "",
      mend: failure?.hint ?? "--debian-mirror URL",
    };
  }
  const [first, ...others] = mirrors.value;
  if (host.offline || first === undefined) return { name, state: "ok", found: "not asked (--offline)" };
  const faults: string[] = [];
  for (const base of [first, ...others]) {
    const fault = await host.reach(base);
    if (fault === undefined) return { name, state: "ok", found: `${base} answers` };
    faults.push(`${base}: ${fault}`);
  }
  return {
    name,
    state: "fail",
    found: faults.join("\n"),
    mend: "set http_proxy and https_proxy, or name another mirror: --debian-mirror URL",
  };
};

/** A tool of the host: its version, or what installs it. */
function tool(
  name: string,
  args: readonly string[],
  missing: { readonly state: "warn" | "fail"; readonly use: string; readonly install: string },
): Check {
  return async (host) => {
    const version = await host.ask(name, args);
    if (version !== undefined) return { name, state: "ok", found: version };
    return {
      name,
      state: missing.state,
      found: `not there; ${missing.use}`,
      mend: `apt-get install ${missing.install}`,
    };
  };
}

const keyringPaths = [
  "/usr/share/keyrings/debian-archive-keyring.gpg",
  "/usr/share/keyrings/debian-archive-keyring.pgp",
];

const keyring: Check = (host) => {
  const name = "debian keyring";
  const path = keyringPaths.find((candidate) => host.exists(candidate));
  if (path !== undefined) return Promise.resolve({ name, state: "ok", found: path });
  return Promise.resolve({
    name,
    state: "warn",
    found: "not there; only nvlab lock needs it",
    mend: "apt-get install debian-archive-keyring",
  });
};

/** Every check, in the order in which a first build would meet them. */
export const checks: readonly Check[] = [
  node,
  tool("dpkg-deb", ["--version"], { state: "fail", use: "packages are unpacked with it", install: "dpkg" }),
  sandbox,
  cache,
  disk,
  mirror,
  tool("apt-get", ["--version"], { state: "warn", use: "only nvlab lock needs it", install: "apt" }),
  keyring,
  tool("git", ["--version"], {
    state: "warn",
    use: "for --source and for the commit in the manifest",
    install: "git",
  }),
];
