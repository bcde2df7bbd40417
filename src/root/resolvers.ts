import type { DebianMirrors } from "../fetch/debian-mirrors.ts";
import type { FetchContext } from "../fetch/wanted-file.ts";
import type { Resolvers } from "../lock/update-lock.ts";
import { openAptSession } from "./apt-session.ts";
import { resolveRoot } from "./resolve-root.ts";
import { resolveSource } from "./resolve-source.ts";

/** Resolvers for `updateLock` that ask apt and the network. Close them, or their indexes stay in <cache>/tmp. */
export function openResolvers(
  mirrors: DebianMirrors,
  context: FetchContext,
  keyring?: string,
): Resolvers & { readonly close: () => Promise<void> } {
  const apt = openAptSession(mirrors, context, keyring);
  const tools = { mirrors, apt, context };
  return {
    source: (request, choice) => resolveSource(request, choice, tools),
    root: (recipe, previous) => resolveRoot(recipe, tools, previous),
    close: apt.close,
  };
}
