import type { SandboxVariation } from "../exec/sandbox.ts";
import type { Conditions } from "./conditions.ts";
import { faketimeEnvironment, faketimeLibrary, type Tools } from "./outside.ts";
import { isChosen, type Choice, type VariationName } from "./variation.ts";

const at = {
  faketime: "/run/vary/libfaketime.so.1",
  fileOrder: "/run/vary/file-order.so",
  locales: "/run/vary/locales",
} as const;

/**
 * What the sandboxes of a rebuild have otherwise. CPUs, personality and address layout come in from outside: processes
 * leave them to their children. Files on disorderfs are in another order by themselves.
 */
export function insideVariation(
  conditions: Conditions,
  tools: Tools,
  choice: Choice,
  disorderfs = false,
): SandboxVariation {
  const chosen = (name: VariationName): boolean => isChosen(choice, name, "inside");
  const { label, environment, home, locale, execPath, timezone, user, hostname } = conditions;
  const { daysAhead, fileOrder } = conditions;
  const clock = chosen("time") && daysAhead !== undefined && tools.vary !== undefined;
  const order =
    chosen("fileordering") && fileOrder !== undefined && !disorderfs && tools.fileOrder !== undefined;
  const collation = chosen("locales") && locale !== "C.UTF-8" && tools.locales !== undefined;
  const preload = [...(clock ? [at.faketime] : []), ...(order ? [at.fileOrder] : [])];
  const readOnly = (host: string, place: string) => ({ host, at: place, writable: false });
  return {
    mounts: [
      ...(clock ? [readOnly(`${tools.vary}/${faketimeLibrary}`, at.faketime)] : []),
      ...(order ? [readOnly(tools.fileOrder, at.fileOrder)] : []),
      ...(collation ? [readOnly(tools.locales, at.locales)] : []),
    ],
    environment: {
      ...(preload.length > 0 && { LD_PRELOAD: preload.join(":") }),
      ...(clock && faketimeEnvironment(daysAhead)),
      ...(order && { NVLAB_FILE_ORDER: String(fileOrder) }),
      ...(collation && { LC_ALL: locale, LANG: locale, LOCPATH: at.locales }),
      ...(chosen("timezone") && { TZ: timezone.posix }),
      ...(chosen("home") && { HOME: `/tmp/${home.split("/").at(-1) ?? ""}` }),
      ...(chosen("exec_path") && execPath !== undefined && { PATH: `/usr/bin:/usr/sbin:${execPath}` }),
      ...(chosen("environment") && environment),
    },
    ...(chosen("umask") && { umask: conditions.umask }),
    ...(chosen("user_group") && user !== undefined && { user }),
    ...(chosen("domain_host") && hostname !== undefined && { hostname }),
    ...(chosen("build_path") && { places: label === "second" ? `/${conditions.folder}` : "/first" }),
  };
}

/** Variables that carry a variation and are none themselves. */
export const carriers: readonly string[] = [
  ...["LD_PRELOAD", "LOCPATH", "LANG", "NVLAB_FILE_ORDER"],
  ...Object.keys(faketimeEnvironment(0)),
];
