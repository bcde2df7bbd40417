import { expect, it } from "vitest";
import { hostPath } from "../../../src/exec/sandbox-path.ts";

const mounts = [
  { host: "/cache/store/1/out", at: "/src", writable: false },
  { host: "/home/me/board.c", at: "/src/board/board.c", writable: false },
];

it("finds the host's file behind a path of the sandbox", () => {
  expect(hostPath("/src/lib/a.c", mounts)).toBe("/cache/store/1/out/lib/a.c");
  expect(hostPath("/src", mounts)).toBe("/cache/store/1/out");
});

it("takes the nearest mount", () => {
  expect(hostPath("/src/board/board.c", mounts)).toBe("/home/me/board.c");
});

it("knows no file behind what is not mounted", () => {
  expect(hostPath("/src-extra/a.c", mounts)).toBeUndefined();
  expect(hostPath("/usr/include/stdio.h", mounts)).toBeUndefined();
});
