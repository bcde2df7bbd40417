import { expect, it } from "vitest";
import { readHostLimits } from "../../../src/exec/host-limits.ts";

const host = (files: Record<string, string>) => (path: string) => Promise.resolve(files[path]);

it("reads what Ubuntu 24.04 says to an ordinary user", async () => {
  const files = {
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n",
    "/proc/sys/kernel/unprivileged_userns_clone": "1\n",
    "/proc/sys/user/max_user_namespaces": "63000\n",
    "/proc/self/status":
      "Name:\tnode\nUid:\t1001\t1001\t1001\t1001\nCapEff:\t0000000000000000\nSeccomp:\t0\n",
  };
  expect(await readHostLimits(host(files))).toEqual({
    apparmorRestricts: 1,
    usernsClone: 1,
    maxUserNamespaces: 63000,
    container: false,
    filtered: false,
    root: false,
    sysAdmin: false,
  });
});

it("knows root in a plain Docker container", async () => {
  const files = {
    "/.dockerenv": "",
    "/proc/self/status": "Uid:\t0\t0\t0\t0\nCapEff:\t00000000a80425fb\nSeccomp:\t2\n",
  };
  expect(await readHostLimits(host(files))).toMatchObject({
    container: true,
    filtered: true,
    root: true,
    sysAdmin: false,
    apparmorRestricts: undefined,
  });
});

it("knows root with all rights", async () => {
  const files = { "/proc/self/status": "Uid:\t0\t0\t0\t0\nCapEff:\t000001fffeffffff\nSeccomp:\t0\n" };
  expect(await readHostLimits(host(files))).toMatchObject({ root: true, sysAdmin: true, container: false });
});
