import type { Invocation } from "../exec/bwrap-arguments.ts";
import { shellQuote } from "../text/shell-quote.ts";
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

/** Folders that a rebuild sees. */
export interface SeenFolders {
  /** Host folder of the rebuild's own files: its cache, its lock, its order. */
  readonly backing: string;
  /** Where all is seen: the own files, `project` and `nvlab`. */
  readonly seen: string;
  /** Host folder of the project. */
  readonly project: string;
  /** Host folder of nvlab itself. */
  readonly home: string;
}

export interface OutsideRun {
  readonly conditions: Conditions;
  readonly tools: Tools;
  readonly folders: SeenFolders;
  /** PATH as nvlab has it. */
  readonly path: string;
  /** Absolute path of Node. */
  readonly node: string;
  readonly way: Way;
  /** Node's arguments. */
  readonly args: readonly string[];
}

/** How variations are brought about on this machine, as far as machines differ in that. */
export interface Way {
  /** Files lie on disorderfs, which gives each folder's entries in random order. Else a library does. */
  readonly disorderfs: boolean;
  /** How libraries are preloaded into Node; see `nodeLoaders`. Undefined: they are not. */
  readonly loader: NodeLoader | undefined;
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
  const { conditions, tools, folders, way } = run;
  const { user, hostname } = conditions;
  const { backing, seen, project, home } = folders;
  const [file = "", ...bwrap] = inRoot(tools.sandbox, "bwrap");
  const bind = (host: string, at: string): string[] => ["--bind", host, at];
  return {
    file,
    args: [
      ...bwrap,
      // /proc stays the host's: over one that bwrap has made, the sandbox inside could not mount its own.
      ...["--die-with-parent", "--unshare-user"],
      ...(user === undefined ? [] : ["--uid", String(user.uid), "--gid", String(user.gid)]),
      ...(hostname === undefined ? [] : ["--unshare-uts", "--hostname", hostname]),
      ...(way.disorderfs ? ["--cap-add", "CAP_SYS_ADMIN"] : []),
      ...["--dev-bind", "/", "/"],
      // disorderfs reads below the backing folder what else would be bound where it is seen.
      ...(way.disorderfs ? [] : bind(backing, seen)),
      ...bind(project, `${way.disorderfs ? backing : seen}/project`),
      ...bind(home, `${way.disorderfs ? backing : seen}/nvlab`),
      "--clearenv",
      ...Object.entries(outsideEnvironment(run)).flatMap(([name, value]) => ["--setenv", name, value]),
      ...["--chdir", "/"],
      ...["--", "/bin/sh", "-c", startScript(run), "sh"],
      ...processAttributes(run),
      ...nodeCommand(run),
    ],
  };
}

/** A file that every rebuild's backing folder has: seen through disorderfs, it tells that the file system is there. */
export const orderName = "order.json";

/** Mounts disorderfs where it is wanted, and goes on without the right to. It dies with Node, as whose child it runs. */
function startScript({ conditions, tools, folders: { backing, seen }, way }: OutsideRun): string {
  const go = `umask ${conditions.umask}; cd ${shellQuote(`${seen}/project`)} || exit 71`;
  if (!way.disorderfs || tools.vary === undefined) return `${go}; exec "$@"`;
  const words = (list: readonly string[]): string => list.map((word) => shellQuote(word)).join(" ");
  const mount = [
    ...[...inRoot(tools.vary, "setpriv"), "--pdeathsig", "KILL"],
    ...[
      ...inRoot(tools.vary, "disorderfs"),
      "-f",
      "-q",
      "--multi-user=no",
      "--shuffle-dirents=yes",
      backing,
      seen,
    ],
  ];
  const drop = [...inRoot(tools.vary, "setpriv"), "--inh-caps=-all", "--ambient-caps=-all"];
  return `${words(mount)} </dev/null >/dev/null 2>&1 &
tries=0
until [ -e ${shellQuote(`${seen}/${orderName}`)} ]; do
  tries=$((tries + 1)); [ $tries -lt 100 ] || exit 71; sleep 0.1
done
${go}; exec ${words(drop)} "$@"`;
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
function nodeCommand({ conditions, tools, node, way: { loader, disorderfs }, args }: OutsideRun): string[] {
  const preload = [
    ...(conditions.daysAhead !== undefined && tools.vary !== undefined
      ? [`${tools.vary}/${faketimeLibrary}`]
      : []),
    ...(conditions.fileOrder !== undefined && !disorderfs && tools.fileOrder !== undefined
      ? [tools.fileOrder]
      : []),
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
