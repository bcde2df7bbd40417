import { describe, expect, it } from "vitest";
import type { HostLimits } from "../../../src/exec/host-limits.ts";
import { explainFailedStart } from "../../../src/exec/sandbox-failure.ts";

const open: HostLimits = {
  apparmorRestricts: undefined,
  usernsClone: undefined,
  maxUserNamespaces: 15000,
  container: false,
  filtered: false,
  root: false,
  sysAdmin: false,
};

const root = "/cache/roots/1/tree";
const start = (stderr: string, limits: Partial<HostLimits> = {}) =>
  explainFailedStart({ root, stderr }, { ...open, ...limits });

const refused = "bwrap: setting up uid map: Permission denied\n";
const notPermitted = "bwrap: Creating new namespace failed: Operation not permitted\n";

describe("a sandbox that does not start", () => {
  it("has Ubuntu's AppArmor restriction lifted", () => {
    const { code, message, hint } = start(refused, { apparmorRestricts: 1 });
    expect(code).toBe("NVLAB_SANDBOX");
    expect(message).toContain("setting up uid map: Permission denied");
    expect(hint).toContain("sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
  });

  it("has Debian's switch turned on", () => {
    expect(start(notPermitted, { usernsClone: 0 }).hint).toContain("kernel.unprivileged_userns_clone=1");
  });

  it("has the number of namespaces raised where it is none, or used up", () => {
    expect(start(notPermitted, { maxUserNamespaces: 0 }).hint).toContain("user.max_user_namespaces=");
    const full = "bwrap: Creating new namespace failed: No space left on device";
    expect(start(full).hint).toContain("user.max_user_namespaces=");
  });

  it("has a container started with more rights", () => {
    for (const limits of [{ container: true }, { filtered: true }, { root: true, sysAdmin: false }]) {
      expect(start(notPermitted, limits).hint).toContain("--privileged");
    }
  });

  it("does not blame a limit that root is free of", () => {
    const { hint } = start(notPermitted, {
      root: true,
      sysAdmin: true,
      apparmorRestricts: 1,
      usernsClone: 0,
    });
    expect(hint).not.toContain("sysctl");
    expect(hint).toContain("nvlab doctor");
  });

  it("is the root's fault where its loader, libraries or shell are missing", () => {
    for (const failure of [
      explainFailedStart({ root, stderr: "", spawnError: "ENOENT" }, open),
      start("bwrap: execvp /usr/bin/sh: No such file or directory"),
      start(
        "/cache/bwrap: error while loading shared libraries: libcap.so.2: cannot open shared object file",
      ),
    ]) {
      expect(failure.message).toContain(root);
      expect(failure.hint).toContain("unpacks it anew");
    }
  });

  it("names a file that went away", () => {
    const { message, hint } = start(
      "bwrap: Can't find source path /home/me/a.patch: No such file or directory",
    );
    expect(message).toContain("/home/me/a.patch: No such file");
    expect(hint).toContain("again");
  });

  it("says who must be able to read a file that is closed", () => {
    const said = "bwrap: Can't find source path /home/me/a.patch: Permission denied";
    expect(start(said).hint).toContain("user who builds");
    expect(start(said, { root: true, sysAdmin: true }).hint).toContain(
      "inside the sandbox root is an ordinary user",
    );
  });

  it("says so where nothing was said", () => {
    expect(start("").message).toContain("without a message");
  });
});
