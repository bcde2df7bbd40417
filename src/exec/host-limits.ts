import { readFile } from "node:fs/promises";

/** What a host says about user namespaces. `undefined`: its kernel does not know that limit. */
export interface HostLimits {
  /** Ubuntu's kernel.apparmor_restrict_unprivileged_userns. */
  readonly apparmorRestricts: number | undefined;
  /** Debian's kernel.unprivileged_userns_clone. */
  readonly usernsClone: number | undefined;
  /** user.max_user_namespaces. */
  readonly maxUserNamespaces: number | undefined;
  readonly container: boolean;
  /** The process runs under a seccomp filter, as Docker's and Podman's default profiles are. */
  readonly filtered: boolean;
  readonly root: boolean;
  /** CAP_SYS_ADMIN is among the effective capabilities. */
  readonly sysAdmin: boolean;
}

export type ReadText = (path: string) => Promise<string | undefined>;

const readHostText: ReadText = (path) => readFile(path, "utf8").catch(() => undefined);

const capSysAdmin = 21n;

export async function readHostLimits(read: ReadText = readHostText): Promise<HostLimits> {
  const limit = async (path: string): Promise<number | undefined> => {
    const text = await read(`/proc/sys/${path}`);
    return text === undefined ? undefined : Number(text.trim());
  };
  const status = (await read("/proc/self/status")) ?? "";
  const field = (name: string): string => new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status)?.[1] ?? "0";
  const marks = await Promise.all(
    ["/.dockerenv", "/run/.containerenv", "/run/systemd/container"].map((path) => read(path)),
  );
  return {
    apparmorRestricts: await limit("kernel/apparmor_restrict_unprivileged_userns"),
    usernsClone: await limit("kernel/unprivileged_userns_clone"),
    maxUserNamespaces: await limit("user/max_user_namespaces"),
    container: marks.some((mark) => mark !== undefined),
    filtered: field("Seccomp") === "2",
    root: field("Uid") === "0",
    sysAdmin: ((BigInt(`0x${field("CapEff")}`) >> capSysAdmin) & 1n) === 1n,
  };
}
