import type { Invocation } from "../exec/bwrap-arguments.ts";
import type { Conditions } from "./conditions.ts";

/** What starts a rebuild, as host paths. */
export interface Tools {
  /** A root with bubblewrap. */
  readonly sandbox: string;
  /** The root with setarch, taskset, libfaketime; undefined where the target names none. */
  readonly vary: string | undefined;
  /** The file-order library. */
  readonly fileOrder: string | undefined;
  /** Folder of compiled locales. */
  readonly locales: string | undefined;
}

/** A folder of the host and where the rebuild sees it. */
export interface Bind {
  readonly host: string;
  readonly at: string;
}

export interface OutsideRun {
  readonly conditions: Conditions;
  readonly tools: Tools;
  readonly binds: readonly Bind[];
  readonly cwd: string;
  /** PATH as nvlab has it. */
  readonly path: string;
  /** Absolute path of Node. */
  readonly node: string;
  /** How libraries are preloaded into Node; see `nodeLoaders`. Undefined: they are not. */
  readonly loader: NodeLoader | undefined;
  /** Node's arguments. */
  readonly args: readonly string[];
}

/** A dynamic loader that starts Node with a library from the locked root. */
export interface NodeLoader {
  readonly file: string;
  readonly libraries: readonly string[];
}

const libraries = "usr/lib/x86_64-linux-gnu";
const hostLibraries = [
  "/usr/lib/x86_64-linux-gnu",
  "/lib/x86_64-linux-gnu",
  "/usr/lib64",
  "/lib64",
  "/usr/lib",
];

/**
 * Ways to start Node with libraries of a root preloaded. A preloaded library wants a C library at least as new as its
 * own: the root's, or the host's where that is newer.
 */
export function nodeLoaders(root: string): NodeLoader[] {
  return [
    {
      file: `${root}/${libraries}/ld-linux-x86-64.so.2`,
      libraries: [`${root}/${libraries}`, ...hostLibraries],
    },
    { file: "/lib64/ld-linux-x86-64.so.2", libraries: [] },
  ];
}

/** The library of libfaketime below a root. */
export const faketimeLibrary = `${libraries}/faketime/libfaketime.so.1`;

/** Variables of libfaketime: clocks are ahead, times of files and the clock since boot are as they are. */
export function faketimeEnvironment(daysAhead: number): Record<string, string> {
  return {
    FAKETIME: `+${String(daysAhead)}d`,
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    FAKETIME_DISABLE_SHM: "1",
    NO_FAKE_STAT: "1",
  };
}

/**
 * The command line that starts Node as a rebuild runs: in namespaces of its own for users, names and mounts, which end
 * with nvlab. Tools are started through their root's own loader, so that the host's C library does not matter.
 */
export function outsideInvocation(run: OutsideRun): Invocation {
  const { conditions, tools, binds, cwd } = run;
  const { user, hostname } = conditions;
  const [file = "", ...bwrap] = inRoot(tools.sandbox, "bwrap");
  return {
    file,
    args: [
      ...bwrap,
      // /proc stays the host's: over one that bwrap has made, the sandbox inside could not mount its own.
      ...["--die-with-parent", "--unshare-user"],
      ...(user === undefined ? [] : ["--uid", String(user.uid), "--gid", String(user.gid)]),
      ...(hostname === undefined ? [] : ["--unshare-uts", "--hostname", hostname]),
      ...["--dev-bind", "/", "/"],
      ...binds.flatMap(({ host, at }) => ["--bind", host, at]),
      "--clearenv",
      ...Object.entries(outsideEnvironment(run)).flatMap(([name, value]) => ["--setenv", name, value]),
      ...["--chdir", cwd],
      ...["--", "/bin/sh", "-c", `umask ${conditions.umask}; exec "$@"`, "sh"],
      ...processAttributes(run),
      ...nodeCommand(run),
    ],
  };
}

function inRoot(root: string, program: string): string[] {
  return [
    `${root}/${libraries}/ld-linux-x86-64.so.2`,
    "--inhibit-cache",
    ...["--library-path", `${root}/${libraries}:${root}/usr/lib`],
    `${root}/usr/bin/${program}`,
  ];
}

/** What processes leave to their children, into the sandbox too. */
function processAttributes({ conditions, tools: { vary } }: OutsideRun): string[] {
  if (vary === undefined) return [];
  const { oldKernel, fixedAddresses, cpus } = conditions;
  const personality = [
    ...(oldKernel ? ["--uname-2.6"] : []),
    ...(fixedAddresses ? ["--addr-no-randomize"] : []),
  ];
  return [
    ...(personality.length > 0 ? [...inRoot(vary, "setarch"), "x86_64", ...personality] : []),
    ...(cpus === undefined ? [] : [...inRoot(vary, "taskset"), "--cpu-list", cpus]),
  ];
}

/** Preloaded by the loader, not by LD_PRELOAD: git and other programs of the host could not load the library. */
function nodeCommand({ conditions, tools, node, loader, args }: OutsideRun): string[] {
  const preload = [
    ...(conditions.daysAhead !== undefined && tools.vary !== undefined
      ? [`${tools.vary}/${faketimeLibrary}`]
      : []),
    ...(conditions.fileOrder !== undefined && tools.fileOrder !== undefined ? [tools.fileOrder] : []),
  ];
  if (loader === undefined || preload.length === 0) return [node, ...args];
  return [
    loader.file,
    ...["--preload", preload.join(" ")],
    ...(loader.libraries.length > 0 ? ["--library-path", loader.libraries.join(":")] : []),
    node,
    ...args,
  ];
}

function outsideEnvironment({ conditions, path }: OutsideRun): Record<string, string> {
  const { environment, home, locale, execPath, timezone, user, daysAhead, fileOrder } = conditions;
  return {
    PATH: execPath === undefined ? path : `${path}:${execPath}`,
    HOME: home,
    USER: user === undefined ? "nvlab" : "varied-user",
    LANG: locale,
    LC_ALL: locale,
    TZ: timezone.name,
    ...(daysAhead === undefined ? {} : faketimeEnvironment(daysAhead)),
    ...(fileOrder === undefined ? {} : { NVLAB_FILE_ORDER: String(fileOrder) }),
    ...environment,
  };
}
