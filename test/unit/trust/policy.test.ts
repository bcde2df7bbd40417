import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Result } from "../../../src/failure/result.ts";
import { renderMinisignKey } from "../../../src/sign/minisign-key.ts";
import { makeKey } from "../../../src/sign/make-key.ts";
import { composePolicy, type PolicyOptions } from "../../../src/trust/policy-options.ts";
import { readPolicy } from "../../../src/trust/policy-file.ts";
import { temporaryFolder } from "../../support/project.ts";

const now = new Date("2026-11-25T12:00:00Z");
const [alice, bob] = [makeKey(), makeKey()];
const pem = alice.publicKey.object.export({ format: "pem", type: "spki" }).toString();
const inline = renderMinisignKey(bob.publicKey).split("\n")[1] ?? "";

function policyAt(text: string): string {
  const folder = temporaryFolder({ "alice.pub.pem": pem, "policy.yaml": text });
  return join(folder, "policy.yaml");
}

/** "CODE line:column message" of each failure. */
function said(result: Result<unknown>): string[] {
  if (result.ok) return [];
  return result.failures.map(
    ({ code, at, message }) => `${code} ${at ? `${String(at.line)}:${String(at.column)}` : "-"} ${message}`,
  );
}

const keys = `keys:
  alice: { file: alice.pub.pem, expires: 2027-06-30 }
  bob: { minisign: "${inline}" }
`;

describe("a policy file", () => {
  it("names keys and what a release has to show", async () => {
    const path = policyAt(`${keys}signers: { required: [alice], any: [alice, bob], threshold: 2 }
target: qemu-virt
minimum-version: "1.2.0"
builder: https://builds.example.org/1
reproduced: { by: [bob] }
tested: {}
expires: 2027-12-31
`);
    const policy = await readPolicy(path, now);
    if (!policy.ok) throw new Error(said(policy).join());
    const [first, second] = policy.value.keys;
    expect(first).toMatchObject({ name: "alice", expires: new Date("2027-06-30") });
    expect(second?.key.raw).toEqual(bob.publicKey.raw);
    expect(policy.value).toMatchObject({
      signers: { required: [first], by: [first, second], threshold: 2 },
      target: "qemu-virt",
      minimumVersion: "1.2.0",
      builder: "https://builds.example.org/1",
      reproduced: { by: [second], threshold: 1 },
      tested: [first, second],
    });
  });

  it("may be JSON", async () => {
    const path = policyAt(JSON.stringify({ keys: { alice: { file: "alice.pub.pem" } } }));
    expect(said(await readPolicy(path, now))).toEqual([]);
  });

  it("that says what cannot be is refused at its place", async () => {
    const faults: [text: string, expected: string][] = [
      [`${keys}signer: {}\n`, "NVLAB_POLICY 4:1 unknown key 'signer' in the document"],
      [`${keys}signers: { required: [carol] }\n`, "NVLAB_POLICY 4:23 there is no key 'carol' in this policy"],
      [`${keys}signers: { threshold: 0 }\n`, "NVLAB_POLICY 4:23 'signers.threshold': "],
      [`${keys}signers: { threshold: 3 }\n`, "NVLAB_POLICY 4:23 3 signers are asked for, and there are 2"],
      [
        `${keys}signers: { any: [bob, bob], threshold: 2 }\n`,
        "NVLAB_POLICY 4:40 2 signers are asked for, and there are 1",
      ],
      [`${keys}minimum-version: 1.2\n`, "NVLAB_POLICY 4:18 'minimum-version': a version is text"],
      [`${keys}expires: 2026-11-25\n`, "NVLAB_POLICY 4:10 the policy expired on 2026-11-25"],
      [`${keys}expires: soon\n`, "NVLAB_POLICY 4:10 'expires': a day such as"],
      ["keys:\n  alice: { file: nowhere.pem }\n", "NVLAB_KEY 2:10 "],
      ["keys:\n  alice: {}\n", "NVLAB_POLICY 2:10 'keys.alice': a key has either"],
      [
        `keys:\n  a: { file: alice.pub.pem }\n  b: { file: ./alice.pub.pem }\n`,
        "NVLAB_POLICY 3:6 'a' and 'b' are the same key",
      ],
      ["keys: [\n", "NVLAB_YAML "],
      [`${keys}keys: {}\n`, "NVLAB_YAML 4:"],
      ["target: qemu-virt\n", "NVLAB_POLICY 1:1 'keys'"],
    ];
    for (const [text, expected] of faults) {
      const [first] = said(await readPolicy(policyAt(text), now));
      expect(first?.slice(0, expected.length), text).toBe(expected);
    }
    expect(said(await readPolicy("/nowhere/policy.yaml", now))[0]).toMatch(/^NVLAB_POLICY - .*ENOENT/);
  });
});

describe("a policy from the command line", () => {
  const none: PolicyOptions = { key: [], signer: [], rebuilder: [] };

  function keyFiles(): { alice: string; bob: string } {
    const folder = temporaryFolder({ "alice.pub.pem": pem, "alice.pub": renderMinisignKey(alice.publicKey) });
    writeFileSync(join(folder, "bob.pub"), renderMinisignKey(bob.publicKey));
    return { alice: join(folder, "alice.pub.pem"), bob: join(folder, "bob.pub") };
  }

  it("counts a key once, in whatever form and however often it is given", async () => {
    const { alice: file } = keyFiles();
    const other = file.replace(".pem", "");
    const policy = await composePolicy({ ...none, key: [file, file, other], signer: [other] }, now);
    if (!policy.ok) throw new Error(said(policy).join());
    expect(policy.value.keys.map(({ name }) => name)).toEqual(["alice"]);
    expect(policy.value.signers).toMatchObject({ by: policy.value.keys, required: policy.value.keys });
    const two = await composePolicy({ ...none, key: [file, other], threshold: 2 }, now);
    expect(said(two)).toEqual(["NVLAB_USAGE - 2 signers are asked for, and there are 1 keys that count"]);
  });

  it("lets a rebuilder's key reproduce, and not sign", async () => {
    const files = keyFiles();
    const policy = await composePolicy({ ...none, key: [files.alice], rebuilder: [files.bob] }, now);
    if (!policy.ok) throw new Error(said(policy).join());
    const names = (by: readonly { name: string }[] = []) => by.map(({ name }) => name);
    expect(names(policy.value.signers.by)).toEqual(["alice"]);
    expect(names(policy.value.reproduced?.by)).toEqual(["bob"]);
    expect(names(policy.value.keys)).toEqual(["alice", "bob"]);
  });

  it("adds to a file, and goes before it", async () => {
    const path = policyAt(`${keys}target: qemu-virt\nminimum-version: "1.0.0"\n`);
    const policy = await composePolicy({ ...none, policy: path, minimumVersion: "2.0.0", threshold: 2 }, now);
    if (!policy.ok) throw new Error(said(policy).join());
    expect(policy.value).toMatchObject({
      target: "qemu-virt",
      minimumVersion: "2.0.0",
      signers: { threshold: 2 },
    });
  });

  it("without any key is a wrong usage", async () => {
    expect(said(await composePolicy({ ...none, target: "qemu-virt" }, now))[0]).toMatch(/^NVLAB_USAGE/);
  });
});
