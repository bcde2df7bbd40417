import { afterAll, beforeAll, expect, test } from "vitest";
import { complaintsIn, driverOptions, styleTree, type StyleTree } from "../support/style-tree.ts";

let tree: StyleTree;
beforeAll(async () => {
  tree = await styleTree();
});
afterAll(() => {
  tree.close();
});

test("sparse has nothing against the driver", async () => {
  const { status, printed } = await tree.compile("nvlink", driverOptions, true);
  expect(complaintsIn(printed)).toEqual([]);
  expect(status, printed).toBe(0);
});
