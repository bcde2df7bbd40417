import { defineConfig } from "vitest/config";

const minutes = (count: number): number => count * 60_000;

export default defineConfig({
  test: {
    projects: [
      // Quick each; some make real RSA keys, which takes as long as luck has it.
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: minutes(1) } },
      {
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          globalSetup: "test/support/global-setup.ts",
          testTimeout: minutes(3),
          hookTimeout: minutes(15),
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: "test/support/global-setup.ts",
          testTimeout: minutes(60),
          hookTimeout: minutes(60),
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "nightly",
          include: ["test/nightly/**/*.test.ts"],
          globalSetup: "test/support/global-setup.ts",
          testTimeout: minutes(240),
          hookTimeout: minutes(240),
          fileParallelism: false,
        },
      },
    ],
  },
});
