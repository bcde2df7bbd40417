import { expect, it } from "vitest";
import { jobTokens } from "../../../src/exec/job-tokens.ts";

const gib = 1024 ** 3;

it("gives a job to each core", () => {
  expect(jobTokens({ cores: 8, availableMemoryBytes: 32 * gib })).toBe(8);
});

it("gives fewer where memory is short, about 1 GiB a job, and never none", () => {
  expect(jobTokens({ cores: 8, availableMemoryBytes: 3.5 * gib })).toBe(3);
  expect(jobTokens({ cores: 8, availableMemoryBytes: 0.2 * gib })).toBe(1);
});

it("takes what the person asked for", () => {
  expect(jobTokens({ cores: 2, availableMemoryBytes: gib, jobs: 16 })).toBe(16);
  expect(jobTokens({ cores: 2, availableMemoryBytes: gib, jobs: 0 })).toBe(1);
});
