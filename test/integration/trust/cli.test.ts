import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { nvlab } from "../../support/program.ts";
import { temporaryFolder } from "../../support/project.ts";
import { write, writeSampleRelease } from "./release.ts";

it("keygen, sign and verify, as a person types them", async () => {
  const cwd = temporaryFolder();
  writeSampleRelease(join(cwd, "release"));
  const environment = { NVLAB_KEY_PASSPHRASE: "open sesame" };
  const run = (...args: string[]) => nvlab(args, { cwd, environment });

  const made = await run("keygen", "--out", "mine");
  expect(made).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^key [0-9A-F]{16}\n.*mine\.key {2}encrypted/) as string,
  });
  expect(await run("keygen", "--out", "mine")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("NVLAB_KEY_EXISTS") as string,
  });

  const sign = ["sign", "release", "--key", "mine.key", "--expires", "2099-01-01"];
  expect(await nvlab(sign, { cwd })).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("NVLAB_PASSPHRASE") as string,
  });
  chmodSync(join(cwd, "mine.key"), 0o644);
  expect(await run(...sign)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("NVLAB_KEY_EXPOSED") as string,
  });
  chmodSync(join(cwd, "mine.key"), 0o600);
  expect(await run(...sign)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("manifest.json.minisig") as string,
  });

  for (const key of ["mine.pub.pem", "mine.pub"]) {
    expect(await run("verify", "release", "--key", key, "--target", "qemu-virt")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("no fault") as string,
    });
  }
  write(cwd, "policy.yaml", "keys: { mine: { file: mine.pub } }\nminimum-version: 2.0.0\n");
  const refused = await run("--json", "verify", "release", "--policy", "policy.yaml");
  expect(refused.status).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    ok: false,
    signers: [{ name: "mine" }],
    trustFaults: [{ kind: "policy-version", wanted: "2.0.0", found: "1.2.0" }],
  });

  write(
    cwd,
    "release/fw_dynamic.bin",
    readFileSync(join(cwd, "release/fw_dynamic.bin"), "utf8").toUpperCase(),
  );
  expect(await run("verify", "release", "--key", "mine.pub")).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("fw_dynamic.bin: was altered") as string,
  });
  expect(await run("verify", "release", "--key", "mine.key")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("is a private key") as string,
  });
  expect(await run("verify", "release", "--target", "qemu-virt")).toMatchObject({ status: 2 });
});
