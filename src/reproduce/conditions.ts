import { isChosen, type Choice, type VariationName } from "./variation.ts";

/** Under what one rebuild runs. What is undefined is as nvlab finds it. */
export interface Conditions {
  readonly label: "first" | "second";
  /** Folder below the workplace in which cache, project and nvlab itself are seen. */
  readonly folder: string;
  /** Variables beside those that every rebuild has. */
  readonly environment: Readonly<Record<string, string>>;
  readonly home: string;
  readonly locale: string;
  /** Added to PATH. */
  readonly execPath: string | undefined;
  /** For programs that know zones by name, and as POSIX writes them, for those that know none. */
  readonly timezone: { readonly name: string; readonly posix: string };
  /** Octal. */
  readonly umask: string;
  /** Linux calls itself 2.6 (setarch(8), --uname-2.6). */
  readonly oldKernel: boolean;
  readonly fixedAddresses: boolean;
  /** List as taskset(1) takes it. */
  readonly cpus: string | undefined;
  /** Days by which clocks are ahead. */
  readonly daysAhead: number | undefined;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  /** Seed of an order of folders' entries. */
  readonly fileOrder: number | undefined;
  readonly hostname: string | undefined;
}

/** More than 60 characters longer than the first rebuild's: build ids and buffers of fixed size depend on lengths. */
const longFolder = `second-${"a-much-longer-path-".repeat(3)}so-it-is`;

/**
 * Conditions of both rebuilds: what is varied has another value in each, what is not the same in both. The first is near
 * to an ordinary build, so that a difference is the second's doing.
 */
export function conditionsOf(
  label: Conditions["label"],
  choice: Choice,
  affinity: readonly number[],
): Conditions {
  const second = label === "second";
  const varied = (name: VariationName): boolean => second && isChosen(choice, name, "outside");
  const any = (name: VariationName): boolean => isChosen(choice, name, "outside");
  return {
    label,
    folder: any("build_path") ? (second ? longFolder : "first-") : "rebuilt",
    environment: varied("environment")
      ? { NVLAB_VARIED_ENVIRONMENT: "an-environment-that-varies", CFLAGS_VARIED: "-O3", EDITOR: "varied" }
      : {},
    home: any("home") ? `/nonexistent/home-of-${label}` : "/nonexistent/home",
    locale: varied("locales") ? "et_EE.UTF-8" : "C.UTF-8",
    execPath: varied("exec_path") ? "/nonexistent/varied-exec-path" : undefined,
    timezone: any("timezone")
      ? second
        ? { name: "Etc/GMT-14", posix: "<+14>-14" }
        : { name: "Etc/GMT+12", posix: "<-12>+12" }
      : { name: "UTC", posix: "UTC" },
    umask: varied("umask") ? "0002" : "0022",
    oldKernel: varied("kernel"),
    fixedAddresses: varied("aslr"),
    cpus: varied("num_cpus") && affinity.length > 1 ? String(affinity[0]) : undefined,
    daysAhead: varied("time") ? 400 : undefined,
    user: varied("user_group") ? { uid: 12345, gid: 54321 } : undefined,
    fileOrder: varied("fileordering") ? 7 : undefined,
    hostname: varied("domain_host") ? "varied-host.varied-domain.example" : undefined,
  };
}
