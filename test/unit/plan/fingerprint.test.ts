import { expect, test } from "vitest";
import { fingerprintOf, signatureOf } from "../../../src/plan/fingerprint.ts";
import type { ScriptNode } from "../../../src/plan/node.ts";

const node: ScriptNode = {
  kind: "build",
  id: "hello",
  component: "hello",
  root: "build",
  environment: { ARCH: "riscv" },
  script: "make -C /src O=/obj",
  inputs: [{ at: "/src", node: "hello/source" }],
  files: [{ path: "a.config", absolute: "/home/one/a.config", sha256: "aa", executable: false }],
  texts: { "boot.its": "/dts-v1/;" },
  outputs: ["hello"],
};

function fingerprint(
  change: Partial<ScriptNode> = {},
  source = "digest of the source",
  root = "digest of the root",
) {
  const signature = signatureOf(
    { ...node, ...change },
    { rootDigest: () => root, outputDigest: () => source, sandboxPolicy: "1", epoch: 1, incremental: false },
  );
  return fingerprintOf(signature);
}

test("the same inputs give the same fingerprint", () => {
  expect(fingerprint()).toBe(fingerprint());
});

test("where a file lies on the host does not matter", () => {
  const files = [
    { path: "a.config", absolute: "/srv/another/place/a.config", sha256: "aa", executable: false },
  ];
  expect(fingerprint({ files })).toBe(fingerprint());
});

test.each<[string, string]>([
  ["a variable", fingerprint({ environment: { ARCH: "arm" } })],
  ["the script", fingerprint({ script: "make" })],
  ["a generated text", fingerprint({ texts: { "boot.its": "" } })],
  [
    "a file's content",
    fingerprint({ files: [{ path: "a.config", absolute: "", sha256: "bb", executable: false }] }),
  ],
  [
    "a file's executable bit",
    fingerprint({ files: [{ path: "a.config", absolute: "", sha256: "aa", executable: true }] }),
  ],
  ["the declared outputs", fingerprint({ outputs: ["hello", "world"] })],
  ["the output of what it needs", fingerprint({}, "another")],
  ["the root", fingerprint({}, "digest of the source", "another")],
])("%s changes the fingerprint", (_what, changed) => {
  expect(changed).not.toBe(fingerprint());
});
