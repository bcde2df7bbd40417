import { describe, expect, it } from "vitest";
import { bwrapArguments } from "../../../src/exec/bwrap-arguments.ts";

const run = {
  root: "/cache/root",
  mounts: [
    { host: "/cache/source", at: "/src", writable: false },
    { host: "/cache/obj", at: "/obj", writable: true },
  ],
  environment: { TZ: "UTC", EMPTY: "" },
  command: ["bash", "-c", 'make; echo "$X"'],
  cwd: "/obj",
};

function following(args: readonly string[], option: string, count: number): string[][] {
  return args.flatMap((arg, index) => (arg === option ? [args.slice(index + 1, index + 1 + count)] : []));
}

describe("bwrapArguments", () => {
  const { file, args } = bwrapArguments(run, { terminal: "none", statusFd: 3 });

  it("starts the root's own bwrap through the root's own loader and libraries", () => {
    expect(file).toBe("/cache/root/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
    expect(args.slice(0, 4)).toEqual([
      "--inhibit-cache",
      "--library-path",
      "/cache/root/usr/lib/x86_64-linux-gnu:/cache/root/usr/lib",
      "/cache/root/usr/bin/bwrap",
    ]);
  });

  it("separates users, processes, IPC, network, names and cgroups, also for root", () => {
    for (const name of ["user", "pid", "ipc", "net", "uts"]) expect(args).toContain(`--unshare-${name}`);
    expect(args).toContain("--unshare-cgroup-try");
    expect(following(args, "--uid", 1)).toEqual([["1000"]]);
    expect(following(args, "--gid", 1)).toEqual([["1000"]]);
    expect(following(args, "--cap-drop", 1)).toEqual([["ALL"]]);
    expect(following(args, "--hostname", 1)).toEqual([["nvlab"]]);
    expect(args).toContain("--die-with-parent");
  });

  it("binds sources read-only and only what is said to be writable otherwise", () => {
    expect(following(args, "--ro-bind", 2)).toContainEqual(["/cache/source", "/src"]);
    expect(following(args, "--bind", 2)).toEqual([["/cache/obj", "/obj"]]);
  });

  it("makes the top of the tree read-only after the last mount point was made in it", () => {
    expect(args.lastIndexOf("--bind")).toBeLessThan(args.indexOf("--remount-ro"));
    expect(following(args, "--remount-ro", 1)).toEqual([["/dev"], ["/"]]);
  });

  it("clears the environment before setting exactly the given one", () => {
    expect(args.indexOf("--clearenv")).toBeLessThan(args.indexOf("--setenv"));
    expect(following(args, "--setenv", 2)).toEqual([
      ["TZ", "UTC"],
      ["EMPTY", ""],
    ]);
  });

  it("passes the command's words on unchanged, with its two streams made one", () => {
    expect(args.slice(-3)).toEqual(run.command);
    expect(args.at(-5)).toMatch(/umask 022.*exec "\$@" 2>&1$/);
  });

  it("gives a build step a session of its own and an interactive one a filter for its terminal", () => {
    const shell = bwrapArguments(run, { terminal: "kept", filterFd: 5 });
    expect(args).toContain("--new-session");
    expect(args).not.toContain("--seccomp");
    expect(shell.args).not.toContain("--new-session");
    expect(following(shell.args, "--seccomp", 1)).toEqual([["5"]]);
    expect(shell.args.at(-5)).not.toContain("2>&1");
  });

  it("never shares the network", () => {
    expect(args).not.toContain("--share-net");
  });

  it("is, without a variation, to the byte what it always was: outputs in stores were made so", () => {
    const root = (...paths: string[]): string[] => paths.map((path) => `/cache/root${path}`);
    const [libraries] = root("/usr/lib/x86_64-linux-gnu");
    expect({ file, args }).toEqual({
      file: `${libraries ?? ""}/ld-linux-x86-64.so.2`,
      args: [
        ...["--inhibit-cache", "--library-path", "/cache/root/usr/lib/x86_64-linux-gnu:/cache/root/usr/lib"],
        ...root("/usr/bin/bwrap"),
        ...["--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"],
        ...["--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-cgroup-try"],
        ...["--unshare-uts", "--hostname", "nvlab", "--die-with-parent", "--new-session"],
        ...["--json-status-fd", "3"],
        ...["--ro-bind", "/cache/root/usr", "/usr", "--ro-bind", "/cache/root/etc", "/etc"],
        ...["--ro-bind-try", "/cache/root/var", "/var", "--ro-bind-try", "/cache/root/opt", "/opt"],
        ...["--symlink", "usr/bin", "/bin", "--symlink", "usr/sbin", "/sbin"],
        ...["--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"],
        ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/dev/shm", "--tmpfs", "/tmp", "--tmpfs", "/run"],
        ...["--ro-bind", "/cache/source", "/src", "--bind", "/cache/obj", "/obj"],
        ...["--remount-ro", "/dev", "--remount-ro", "/", "--clearenv"],
        ...["--setenv", "TZ", "UTC", "--setenv", "EMPTY", "", "--chdir", "/obj", "--"],
        ...["/usr/bin/sh", "-c", 'umask 022; ulimit -c 0; ulimit -Sn 4096; ulimit -Ss 8192; exec "$@" 2>&1'],
        ...["sh", "bash", "-c", 'make; echo "$X"'],
      ],
    });
  });

  it("has under a variation another umask, user, host and environment, and its mounts behind the others", () => {
    const variation = {
      mounts: [{ host: "/vary/lib.so", at: "/run/vary/lib.so", writable: false }],
      environment: { TZ: "<+14>-14", LD_PRELOAD: "/run/vary/lib.so" },
      umask: "0002",
      user: { uid: 12345, gid: 54321 },
      hostname: "varied",
    };
    const varied = bwrapArguments({ ...run, variation }, { terminal: "none" }).args;
    expect(following(varied, "--uid", 1)).toEqual([["12345"]]);
    expect(following(varied, "--gid", 1)).toEqual([["54321"]]);
    expect(following(varied, "--hostname", 1)).toEqual([["varied"]]);
    expect(following(varied, "--ro-bind", 2).at(-1)).toEqual(["/vary/lib.so", "/run/vary/lib.so"]);
    expect(following(varied, "--setenv", 2)).toEqual([
      ["TZ", "<+14>-14"],
      ["EMPTY", ""],
      ["LD_PRELOAD", "/run/vary/lib.so"],
    ]);
    expect(varied.at(-5)).toMatch(/^umask 0002; /);
  });

  it("moves only the places of sources, objects and outputs, and leaves links there", () => {
    const mounts = ["/src", "/src-more", "/obj", "/out", "/in/lib", "/project/x", "/srcs"].map((at) => ({
      host: `/host${at}`,
      at,
      writable: false,
    }));
    const variation = { mounts: [], environment: {}, places: "/moved" };
    const { args: moved } = bwrapArguments({ ...run, mounts, variation }, { terminal: "none" });
    const places = following(moved, "--ro-bind", 2).flatMap(([host, at]) =>
      host?.startsWith("/host") ? [at] : [],
    );
    expect(places).toEqual([
      ...["/moved/src", "/moved/src-more", "/moved/obj", "/moved/out"],
      ...["/in/lib", "/project/x", "/srcs"],
    ]);
    expect(following(moved, "--symlink", 2)).toContainEqual(["/moved/obj", "/obj"]);
  });
});
