import { describe, expect, test } from "vitest";
import { ok } from "../../../src/failure/result.ts";
import { onDisk, storeFailure } from "../../../src/store/store-failure.ts";

const systemError = (code: string, syscall: string): Error =>
  Object.assign(new Error(`${code}: it failed, ${syscall} '/c/x'`), { code, syscall, path: "/c/x" });

describe("a system error of the cache's disk", () => {
  test.each(["ENOSPC", "EDQUOT"])("%s means that the disk is full", (code) => {
    const [failure] = storeFailure(systemError(code, "write"), "/c").failures;
    expect(failure).toMatchObject({ code: "NVLAB_DISK_FULL" });
    expect(failure?.hint).toContain("nvlab gc");
  });

  test.each([
    ["EACCES", "open"],
    ["EROFS", "mkdir"],
    ["EMLINK", "link"],
    ["EACCES", "scandir"],
  ])("%s of %s is a failure of the store", (code, syscall) => {
    expect(storeFailure(systemError(code, syscall), "/c").failures[0]).toMatchObject({ code: "NVLAB_STORE" });
  });

  test("is no exception, while a bug still is", async () => {
    const full = await onDisk("/c", () => Promise.reject(systemError("ENOSPC", "copyfile")));
    expect(full).toMatchObject({ ok: false, failures: [{ code: "NVLAB_DISK_FULL" }] });
    await expect(onDisk("/c", () => Promise.reject(new TypeError("bug")))).rejects.toThrow("bug");
    expect(await onDisk("/c", () => Promise.resolve(ok(1)))).toEqual(ok(1));
  });
});
