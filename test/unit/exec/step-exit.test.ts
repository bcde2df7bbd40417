import { expect, it } from "vitest";
import { describeExit } from "../../../src/exec/step-exit.ts";

it("tells an ordinary failure by its exit status", () => {
  expect(describeExit({ status: 2, memoryRanOut: false })).toEqual({ message: "ended with exit status 2" });
});

it("says that memory ran out and what to do, when the kernel killed something", () => {
  const { message, hint } = describeExit({ status: 2, memoryRanOut: true });
  expect(message).toContain("ran out of memory");
  expect(hint).toContain("--jobs");
});

it("suspects memory when the step was killed from outside", () => {
  const { message, hint } = describeExit({ status: 137, memoryRanOut: false });
  expect(message).toContain("memory");
  expect(hint).toContain("--jobs");
});

it("names another signal, and a command that is missing", () => {
  expect(describeExit({ status: 139, memoryRanOut: false }).message).toBe("was ended by signal 11");
  expect(describeExit({ status: 127, memoryRanOut: false }).message).toContain("not in its root");
});
