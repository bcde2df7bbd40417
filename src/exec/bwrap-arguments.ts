import { movedPlace } from "./moved-place.ts";
import { sandboxHostname, sandboxId } from "./sandbox.ts";
import type { Mount, SandboxRun, SandboxVariation } from "./sandbox.ts";

/** How one start differs from another; none of it can reach a step's output. */
export interface BwrapStart {
  /**
   * "none": a session of its own, so that no terminal can be reached. "kept": the caller's terminal stays the
   * controlling one, for job control and Ctrl-C; wants `filterFd`.
   */
  readonly terminal: "none" | "kept";
  /** Descriptor to which bwrap reports the command's exit as JSON. */
  readonly statusFd?: number;
  /** Descriptor from which bwrap reads a seccomp program. */
  readonly filterFd?: number;
}

/** File and arguments to spawn. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
}

const libraries = "usr/lib/x86_64-linux-gnu";

/** Runs first inside: what a parent leaves to its children beside the environment, made the same everywhere. */
const limits = (umask: string): string => `umask ${umask}; ulimit -c 0; ulimit -Sn 4096; ulimit -Ss 8192`;

/**
 * The command line that enters a root. bwrap is the root's own, started through the root's own loader, so
 * that the host's C library does not matter. The sandbox's `/` is an empty tmpfs with the root's folders bound
 * into it (mount points could not be made in a read-only root), and is made read-only at the end: only
 * writable mounts, /tmp and /run can be written.
 */
export function bwrapArguments(run: SandboxRun, start: BwrapStart): Invocation {
  const { root, variation } = run;
  const begin = limits(variation?.umask ?? "022");
  const descriptor = (option: string, fd: number | undefined): string[] =>
    fd === undefined ? [] : [option, String(fd)];
  return {
    file: `${root}/${libraries}/ld-linux-x86-64.so.2`,
    args: [
      "--inhibit-cache",
      ...["--library-path", `${root}/${libraries}:${root}/usr/lib`],
      `${root}/usr/bin/bwrap`,
      ...namespaces(variation),
      ...(start.terminal === "none" ? ["--new-session"] : []),
      ...descriptor("--json-status-fd", start.statusFd),
      ...descriptor("--seccomp", start.filterFd),
      ...tree(root),
      ...[...run.mounts, ...(variation?.mounts ?? [])].flatMap((mount) => bind(mount, variation?.places)),
      ...["--remount-ro", "/dev", "--remount-ro", "/"],
      "--clearenv",
      ...Object.entries({ ...run.environment, ...variation?.environment }).flatMap(([name, value]) => [
        "--setenv",
        name,
        value,
      ]),
      ...["--chdir", run.cwd],
      ...["--", "/usr/bin/sh", "-c"],
      // The command's two streams become one, in order; bwrap's own messages stay apart on stderr.
      start.terminal === "none" ? `${begin}; exec "$@" 2>&1` : `${begin}; exec "$@"`,
      "sh",
      ...run.command,
    ],
  };
}

function namespaces({ user, hostname = sandboxHostname }: Partial<SandboxVariation> = {}): string[] {
  const { uid = sandboxId, gid = sandboxId } = user ?? {};
  return [
    ...["--unshare-user", "--uid", String(uid), "--gid", String(gid), "--cap-drop", "ALL"],
    ...["--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-cgroup-try"],
    ...["--unshare-uts", "--hostname", hostname],
    "--die-with-parent",
  ];
}

function bind({ host, at, writable }: Mount, places: string | undefined): string[] {
  const place = movedPlace(at, places);
  return [
    ...[writable ? "--bind" : "--ro-bind", host, place.at],
    ...(place.link === undefined ? [] : ["--symlink", place.at, place.link]),
  ];
}

function tree(root: string): string[] {
  return [
    ...["usr", "etc"].flatMap((name) => ["--ro-bind", `${root}/${name}`, `/${name}`]),
    ...["var", "opt"].flatMap((name) => ["--ro-bind-try", `${root}/${name}`, `/${name}`]),
    ...["bin", "sbin", "lib", "lib64"].flatMap((name) => ["--symlink", `usr/${name}`, `/${name}`]),
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/dev/shm", "--tmpfs", "/tmp", "--tmpfs", "/run"],
  ];
}
