import { expect, test } from "vitest";
import { locate } from "../../../src/contract/tree/locate.ts";

const board = {
  file: "board.dts",
  text: `/ {
	pci@30000000 {
		nvlink@10,0 {
			link-count = <1>;
			link@0 {
				reg = <0>;
			};
		};
		nvlink@11,0 {
			reg = <0x8800 0 0 0 0>;
			link@0 {
				reg = <0>;
			};
		};
	};
};
`,
};
const overlay = { file: "links.dtso", text: "&pci {\n\tnvlink@10,0 {\n\t\tlink-count = <2>;\n\t};\n};\n" };
const first = "/pci@30000000/nvlink@10,0";
const second = "/pci@30000000/nvlink@11,0";

test("a property is found in its own node, not in one with the same names beside it", () => {
  expect(locate({ node: `${second}/link@0`, property: "reg" }, [board])).toEqual({
    file: "board.dts",
    line: 12,
    column: 5,
  });
});

test("a property is not taken for that of a node below", () => {
  expect(locate({ node: first, property: "reg" }, [board])).toMatchObject({ line: 3, column: 3 });
});

test("an overlay that sets it too has the last word", () => {
  expect(locate({ node: first, property: "link-count" }, [board, overlay])).toMatchObject({
    file: "links.dtso",
    line: 3,
  });
  expect(locate({ node: second, property: "reg" }, [board, overlay])).toMatchObject({
    file: "board.dts",
    line: 10,
  });
});

test("a property that is not there is that of its node", () => {
  expect(locate({ node: second, property: "dma-windows" }, [board])).toMatchObject({ line: 9, column: 3 });
});

test("below a label, a name that is there twice has no place, and one that is there once has", () => {
  const labels = {
    file: "labels.dtso",
    text: "&nvlink0 {\n\tlink@0 { reg = <0>; };\n};\n&nvlink1 {\n\tlink@0 { reg = <1>; };\n\tlink@1 { reg = <0>; };\n};\n",
  };
  expect(locate({ node: `${second}/link@0`, property: "reg" }, [labels])).toBeUndefined();
  expect(locate({ node: `${second}/link@0`, property: "reg" }, [board, labels])).toMatchObject({ line: 12 });
  expect(locate({ node: `${second}/link@1`, property: "reg" }, [labels])).toMatchObject({ line: 6 });
});

test("a node that no source names has no place", () => {
  expect(locate({ node: "/soc/nvlink@40000000" }, [board, overlay])).toBeUndefined();
});
