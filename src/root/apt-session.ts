import { access, rm } from "node:fs/promises";
import { failed, ok, type Failed, type Result } from "../failure/result.ts";
import { askAfter } from "../fetch/answering.ts";
import { baseOfSuite, type DebianMirrors } from "../fetch/debian-mirrors.ts";
import { redact } from "../fetch/place.ts";
import type { FetchContext } from "../fetch/wanted-file.ts";
import { openAptRoot, type AptRoot, type AptRootRequest } from "./apt-root.ts";

/** The private apt roots of one command: each set of suites is read once. Close it, or they stay in <cache>/tmp. */
export interface AptSession {
  readonly open: (suites: readonly string[], kind: AptRootRequest["kind"]) => Promise<Result<AptRoot>>;
  readonly close: () => Promise<void>;
}

const keyrings = [
  "/usr/share/keyrings/debian-archive-keyring.gpg",
  "/usr/share/keyrings/debian-archive-keyring.pgp",
];

async function hostKeyring(): Promise<Result<string>> {
  for (const path of keyrings) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return ok(path);
  }
  return failed({
    code: "NVLAB_RESOLVE",
    message: "this host has no keyring of the Debian archive, so no index can be trusted",
    hint: "sudo apt install debian-archive-keyring",
  });
}

/** Suites that the mirror has. Security updates may be missing (many mirrors have none); other suites may not. */
async function suitesThere(
  base: string,
  suites: readonly string[],
  context: FetchContext,
): Promise<Result<string[]>> {
  const files = suites.map((suite) =>
    ["InRelease", "Release"].map((name) => `${baseOfSuite(base, suite)}/dists/${suite}/${name}`),
  );
  const answers = await askAfter(files, context);
  if (!answers.ok) return answers;
  const absent = suites.filter((_, index) => answers.value[index]?.present === false);
  const needed = absent.filter((suite) => !suite.endsWith("-security"));
  if (needed.length > 0) {
    return failed({
      code: "NVLAB_RESOLVE",
      message: `the mirror ${redact(base)} has no ${needed.join(" and no ")}`,
      hint: "name a mirror that has all suites of the recipe",
    });
  }
  for (const suite of absent) {
    context.emit({
      type: "notice",
      level: "warning",
      message: `the mirror has no ${suite}: resolved without it`,
    });
  }
  return ok(suites.filter((suite) => !absent.includes(suite)));
}

/**
 * Starts a session; nothing is read before the first `open`.
 * @param keyring that of the host's Debian archive without it
 */
export function openAptSession(mirrors: DebianMirrors, context: FetchContext, keyring?: string): AptSession {
  const roots = new Map<string, Promise<Result<AptRoot>>>();

  const firstThatWorks = async (
    suites: readonly string[],
    kind: AptRootRequest["kind"],
  ): Promise<Result<AptRoot>> => {
    const key = keyring === undefined ? await hostKeyring() : ok(keyring);
    if (!key.ok) return key;
    let last: Failed | undefined;
    for (const base of mirrors.bases) {
      const there = await suitesThere(base, suites, context);
      const opened = there.ok
        ? await openAptRoot({ base, suites: there.value, kind, keyring: key.value }, context)
        : there;
      if (opened.ok) return opened;
      last = opened;
      if (context.signal.aborted) break;
    }
    return (
      last ??
      failed({
        code: "NVLAB_MIRROR_UNKNOWN",
        message: "resolving needs a Debian mirror, and none is known",
        hint: "name one with --debian-mirror URL, NVLAB_DEBIAN_MIRROR, or `mirrors: { debian: [URL] }` in nvlab.yaml",
      })
    );
  };

  return {
    open: (suites, kind) => {
      const key = `${kind} ${suites.join(" ")}`;
      const root = roots.get(key) ?? firstThatWorks(suites, kind);
      roots.set(key, root);
      return root;
    },
    close: async () => {
      for (const root of roots.values()) {
        const opened = await root;
        if (opened.ok) await rm(opened.value.folder, { recursive: true, force: true });
      }
    },
  };
}
