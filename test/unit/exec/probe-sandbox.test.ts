import { expect, it } from "vitest";
import type { Invocation } from "../../../src/exec/bwrap-arguments.ts";
import type { HostLimits } from "../../../src/exec/host-limits.ts";
import { probeSandbox } from "../../../src/exec/probe-sandbox.ts";

const ubuntu: HostLimits = {
  apparmorRestricts: 1,
  usernsClone: 1,
  maxUserNamespaces: 63000,
  container: false,
  filtered: false,
  root: false,
  sysAdmin: false,
};

function host(answer: { stderr: string; error?: string } | undefined) {
  const seen: Invocation[] = [];
  return {
    seen,
    attempt: (invocation: Invocation) => {
      seen.push(invocation);
      return Promise.resolve(answer);
    },
    limits: () => Promise.resolve(ubuntu),
  };
}

it("starts a sandbox in the root that it is given", async () => {
  const good = host(undefined);
  expect(await probeSandbox("/root-tree", good)).toEqual({ ok: true, value: undefined });
  expect(good.seen[0]?.file).toMatch(/^\/root-tree\/.*ld-linux/);
});

it("makes the same namespaces with the host's own tool before there is a root", async () => {
  const good = host(undefined);
  expect((await probeSandbox(undefined, good)).ok).toBe(true);
  expect(good.seen[0]?.file).toBe("unshare");
});

it("fails with the command that mends the host", async () => {
  const bad = host({ stderr: "unshare: write failed /proc/self/uid_map: Operation not permitted" });
  expect(await probeSandbox(undefined, bad)).toMatchObject({
    ok: false,
    failures: [{ code: "NVLAB_SANDBOX", hint: expect.stringContaining("apparmor_restrict") as string }],
  });
});

it("says nothing of a host without unshare, and blames a root without bwrap", async () => {
  const missing = host({ stderr: "", error: "ENOENT" });
  expect((await probeSandbox(undefined, missing)).ok).toBe(true);
  expect(await probeSandbox("/root-tree", missing)).toMatchObject({ ok: false });
});
