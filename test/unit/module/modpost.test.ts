import { expect, test } from "vitest";
import { modpostFailures } from "../../../src/module/modpost.ts";

test.each([
  [
    'ERROR: modpost: "nowhere" [nvlink_dmatest.ko] undefined!',
    "nvlink_dmatest.ko needs the symbol nowhere, which neither the kernel nor a component in 'uses' exports",
  ],
  [
    'ERROR: modpost: "nowhere" [/obj/module/deep/a.ko] undefined!',
    "a.ko needs the symbol nowhere, which neither the kernel nor a component in 'uses' exports",
  ],
  [
    "ERROR: modpost: GPL-incompatible module a.ko uses GPL-only symbol 'put_device'",
    "a.ko may not use put_device, which is for modules under the GPL",
  ],
  [
    "ERROR: modpost: module a uses symbol dma_buf_put from namespace DMA_BUF, but does not import it.",
    "a.ko may not use dma_buf_put, which is in the namespace DMA_BUF",
  ],
  ["ERROR: modpost: missing MODULE_LICENSE() in a.o", "a.ko does not say its licence"],
])("%s", (line, message) => {
  const found = modpostFailures(["  MODPOST Module.symvers", line, "make[2]: *** [x] Error 1"]);
  expect(found).toMatchObject([{ code: "NVLAB_MODULE", message }]);
  expect(found[0]?.hint).toBeDefined();
});

test("a log without such messages is that of another failure", () => {
  expect(modpostFailures(["main.c:1:1: error: expected ;", "WARNING: modpost: missing description"])).toEqual(
    [],
  );
});
