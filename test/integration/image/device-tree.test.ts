import { describe, expect, it } from "vitest";
import { renderDeviceTree } from "../../../src/image/device-tree.ts";
import { make } from "./image-bench.ts";

const base = `/dts-v1/;
#include "sizes.h"
/ {
	#address-cells = <1>;
	#size-cells = <1>;
	chosen { rng-seed = <1 2>; kaslr-seed = <3 4>; stdout-path = "serial0"; };
	uart0: serial@10000000 { reg = <0x10000000 UART_SIZE>; };
};
`;
const overlay = (property: string, comment = ""): string =>
  `/dts-v1/;\n/plugin/;\n${comment}\n&uart0 {\n\t${property}\n};\n`;

const step = {
  source: "dts/board.dts",
  overlays: ["dts/first.dtso", "dts/second.dtso"],
  include: ["dts/include"],
};
const files = {
  "dts/board.dts": base,
  "dts/include/sizes.h": "#define UART_SIZE 0x100\n",
  "dts/first.dtso": overlay('status = "disabled";'),
  "dts/second.dtso": overlay('status = "okay";'),
};
const rendered = renderDeviceTree(step, "board.dtb");

describe("a device-tree step", () => {
  it("merges overlays in order, reads headers and removes the random seeds", async () => {
    const made = await make(rendered, { project: files });
    expect(made.printed).not.toContain("error");
    const seen = await made.look(
      "fdtget /out/board.dtb /serial@10000000 status; fdtget -p /out/board.dtb /chosen",
    );
    expect(seen.split("\n")).toEqual(["okay", "stdout-path"]);
    expect(await made.look("fdtget -t x /out/board.dtb /serial@10000000 reg")).toBe("10000000 100");
  });

  it("gives the same bytes when only a comment changed", async () => {
    const before = await make(rendered, { project: files });
    const commented = { ...files, "dts/first.dtso": overlay('status = "disabled";', "/* why\n * not */") };
    const after = await make(rendered, { project: commented });
    expect(after.output("board.dtb").equals(before.output("board.dtb"))).toBe(true);
  });

  it("fails at the line of an overlay whose label the base does not have", async () => {
    const wrong = { ...files, "dts/second.dtso": "/dts-v1/;\n/plugin/;\n\n&uart9 {\n\tx;\n};\n" };
    const made = await make(rendered, { project: wrong });
    expect(made.status).toBe(1);
    expect(made.printed).toContain(
      "dts/second.dtso:4: error: the device tree below this overlay has no label uart9",
    );
  });

  it("fails at the line of a syntax error and of a header that is not there", async () => {
    const broken = await make(rendered, { project: { ...files, "dts/first.dtso": overlay("status = ;") } });
    expect(broken.status).not.toBe(0);
    expect(broken.printed).toMatch(/dts\/first\.dtso:5\.\d+/);
    const headless = await make(rendered, {
      project: { ...files, "dts/include/sizes.h": "#include <no.h>\n" },
    });
    expect(headless.printed).toContain("dts/include/sizes.h:1:");
    expect(headless.status).not.toBe(0);
  });
});
