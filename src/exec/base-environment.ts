import { sandboxHostname } from "./sandbox.ts";

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/**
 * The environment that every step starts from; recipes add to it.
 * @param epoch seconds since 1970, from the lock
 */
export function baseEnvironment(epoch: number): Record<string, string> {
  return {
    PATH: "/usr/bin:/usr/sbin",
    HOME: "/tmp",
    TMPDIR: "/tmp",
    USER: "nvlab",
    LOGNAME: "nvlab",
    SHELL: "/bin/bash",
    TERM: "dumb",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    SOURCE_DATE_EPOCH: String(epoch),
    KBUILD_BUILD_TIMESTAMP: dateLine(epoch),
    KBUILD_BUILD_USER: "nvlab",
    KBUILD_BUILD_HOST: sandboxHostname,
    KBUILD_BUILD_VERSION: "1",
    KCONFIG_NOTIMESTAMP: "1",
    // Set but empty: keeps scripts/setlocalversion from adding a "+" for a tree without tags.
    LOCALVERSION: "",
    GIT_CEILING_DIRECTORIES: "/",
    GIT_CONFIG_GLOBAL: "/dev/null",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONHASHSEED: "0",
  };
}

/** As `LC_ALL=C date -u` prints it, which is what Kbuild would take by itself. */
function dateLine(epoch: number): string {
  const date = new Date(epoch * 1000);
  const two = (value: number, fill: string): string => String(value).padStart(2, fill);
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map((part) => two(part, "0"));
  const day = two(date.getUTCDate(), " ");
  return `${days[date.getUTCDay()] ?? ""} ${months[date.getUTCMonth()] ?? ""} ${day} ${time.join(":")} UTC ${date.getUTCFullYear()}`;
}
