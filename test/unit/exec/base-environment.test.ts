import { expect, it } from "vitest";
import { baseEnvironment } from "../../../src/exec/base-environment.ts";

it("derives every time from the epoch, as `date -u` writes it", () => {
  const environment = baseEnvironment(1767225600);
  expect(environment.SOURCE_DATE_EPOCH).toBe("1767225600");
  expect(environment.KBUILD_BUILD_TIMESTAMP).toBe("Thu Jan  1 00:00:00 UTC 2026");
  expect(baseEnvironment(1763935965).KBUILD_BUILD_TIMESTAMP).toBe("Sun Nov 23 22:12:45 UTC 2025");
});

it("fixes locale, time zone, path and the builder's name, and hides every git repository", () => {
  expect(baseEnvironment(0)).toMatchObject({
    PATH: "/usr/bin:/usr/sbin",
    HOME: "/tmp",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    KBUILD_BUILD_USER: "nvlab",
    KBUILD_BUILD_HOST: "nvlab",
    KBUILD_BUILD_VERSION: "1",
    KCONFIG_NOTIMESTAMP: "1",
    LOCALVERSION: "",
    GIT_CEILING_DIRECTORIES: "/",
  });
});
