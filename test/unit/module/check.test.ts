import { expect, test } from "vitest";
import { checkModules } from "../../../src/module/check.ts";
import { parseInspection } from "../../../src/module/inspection.ts";

/** What the inspecting script prints for a module that is in order. */
const good = [
  'expected "6.18.15" " " "SMP " "mod_unload " "" "riscv"',
  "built vendor.ko",
  "module vendor.ko",
  "vermagic 6.18.15 SMP mod_unload riscv",
  "license GPL v2",
  "import_ns DMA_BUF",
  "undefined _printk",
  "undefined put_device",
  "undefined dma_buf_put",
  "undefined kvm_only",
  "export 0x00000000\t_printk\tvmlinux\tEXPORT_SYMBOL\t",
  "export 0x00000000\tput_device\tvmlinux\tEXPORT_SYMBOL_GPL\t",
  "export 0x00000000\tdma_buf_put\tvmlinux\tEXPORT_SYMBOL_GPL\tDMA_BUF",
  "export 0x00000000\tkvm_only\tvmlinux\tEXPORT_SYMBOL_GPL\tmodule:kvm,vend*",
];

const swap = (from: string, ...to: string[]): string[] => {
  if (!good.includes(from)) throw new Error(`there is no line ${from}`);
  return good.flatMap((line) => (line === from ? to : [line]));
};

function messages(lines: readonly string[], wanted: readonly string[] = ["vendor.ko"]): string[] {
  return checkModules("vendor", wanted, parseInspection(lines)).map(({ code, message, hint }) => {
    expect(code).toBe("NVLAB_MODULE");
    return hint === undefined ? message : `${message} | ${hint}`;
  });
}

test("a module that fits its kernel passes", () => {
  expect(messages(good)).toEqual([]);
});

test.each<[string, string[], string]>([
  [
    "another vermagic",
    swap("vermagic 6.18.15 SMP mod_unload riscv", "vermagic 6.12.0 SMP preempt mod_unload riscv"),
    "vendor.ko is for another kernel: its vermagic is '6.12.0 SMP preempt mod_unload riscv', this kernel's '6.18.15 SMP mod_unload riscv'",
  ],
  [
    "no vermagic at all",
    swap("vermagic 6.18.15 SMP mod_unload riscv"),
    "vendor.ko has no vermagic: it is no module of a kernel",
  ],
  ["no licence", swap("license GPL v2"), "vendor.ko does not say its licence"],
  [
    "a symbol that nothing exports",
    swap("export 0x00000000\t_printk\tvmlinux\tEXPORT_SYMBOL\t"),
    "vendor.ko needs the symbol _printk, which neither the kernel nor a component in 'uses' exports",
  ],
  [
    "a namespace that is not imported",
    swap("import_ns DMA_BUF"),
    "vendor.ko may not use dma_buf_put, which is in the namespace DMA_BUF",
  ],
  [
    "a symbol that is kept for other modules",
    good.map((line) => line.replace("module:kvm,vend*", "module:kvm,vendor_x")),
    "vendor.ko may not use kvm_only, which is in the namespace module:kvm,vendor_x",
  ],
])("%s is found", (_what, lines, message) => {
  expect(messages(lines).map((text) => text.split(" | ")[0])).toEqual([message]);
});

test("each symbol for the GPL alone is named where the licence does not go with it", () => {
  const lines = swap("license GPL v2", "license Proprietary");
  expect(messages(lines).map((text) => text.split(",")[0])).toEqual([
    "vendor.ko may not use put_device",
    "vendor.ko may not use dma_buf_put",
    "vendor.ko may not use kvm_only",
  ]);
});

test("a licence beside one that goes with the GPL does not help", () => {
  expect(messages([...swap("license GPL v2", "license GPL", "license Proprietary")])).toHaveLength(3);
});

test("a module that is wanted and not built is told with what was built", () => {
  expect(messages(good, ["other.ko"])).toEqual(["'vendor' built no other.ko | it built vendor.ko"]);
  expect(messages([], ["other.ko"])).toEqual([
    "'vendor' built no other.ko | it built no module at all: look at obj-m in its makefile",
  ]);
});

test("two modules of one name are refused: the kernel would not tell them apart", () => {
  expect(messages([...good, "built old/vendor.ko"])[0]).toContain(
    "vendor.ko was built more than once: vendor.ko, old/vendor.ko",
  );
});

test("a symbol of a module that is built beside it needs that module installed", () => {
  const lines = [
    ...swap(
      "export 0x00000000\t_printk\tvmlinux\tEXPORT_SYMBOL\t",
      "export 0x00000000\t_printk\tlib/vendor_core\tEXPORT_SYMBOL\t",
    ),
    "built lib/vendor_core.ko",
  ];
  expect(messages(lines)).toEqual([
    "vendor.ko needs the symbol _printk of vendor_core.ko, which is built and not installed | name vendor_core.ko in 'modules' too",
  ]);
});

test("a module of the kernel whose name ends like that of one built here is another one", () => {
  const symbol = "export 0x00000000\t_printk\tvmlinux\tEXPORT_SYMBOL\t";
  const lines = [...swap(symbol, symbol.replace("vmlinux", "drivers/x/core")), "built vendor-core.ko"];
  expect(messages(lines)).toEqual([]);
});

test("where the kernel compares checksums, each has to be the kernel's", () => {
  const lines = ["modversions", ...good].map((line) =>
    line.replace("0x00000000\t_printk", "0x0000abcd\t_printk"),
  );
  const index = lines.indexOf("undefined _printk");
  expect(messages(lines)[0]).toContain("its checksum is missing, the kernel's 0x0000abcd");
  const right = lines.toSpliced(index, 0, "crc 0x0000abcd _printk");
  expect(messages(right)).toEqual([]);
  const wrong = lines.toSpliced(index, 0, "crc 0x00000001 _printk");
  expect(messages(wrong)[0]).toContain("vendor.ko was built against another _printk");
});

test("what else is printed says nothing", () => {
  expect(
    messages([...good, "modinfo: ERROR: no module", "constructor __proto__", "export", "crc", ""]),
  ).toEqual([]);
});
