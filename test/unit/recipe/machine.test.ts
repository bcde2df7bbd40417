import { describe, expect, it } from "vitest";
import { Machine } from "../../../src/recipe/schema/machine.ts";

const controller = {
  name: "nvlink0",
  slot: "10",
  serial: 7,
  links: ["gpu0", "gpu1", "host0"],
  gpus: ["64M", "64M"],
  adjacent: [{ gpus: [0, 1], links: 2 }],
};
const machine = {
  machine: "virt,aia=aplic-imsic",
  bios: "fw.bin",
  model: "model/nvlink-model",
  controllers: [controller],
  iommu: { slot: "1e" },
};

function faults(change: object): string[] {
  const parsed = Machine.safeParse({ ...machine, ...change });
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}
const ofController = (change: object): string[] => faults({ controllers: [{ ...controller, ...change }] });

describe("a machine with NVLink controllers", () => {
  it("is taken as it is, with the usual speed and lanes", () => {
    expect(Machine.parse(machine).controllers[0]).toMatchObject({ speed: 25_000, lanes: 4, trained: false });
  });

  it("needs the program that plays them", () => {
    expect(faults({ model: undefined })).toEqual([
      "controllers: controllers need a model: the artifact that plays them",
    ]);
  });

  it("is refused with an IOMMU of which QEMU would hang", () => {
    expect(faults({ machine: "virt,aia=aplic-imsic,iommu-sys=on" })[0]).toContain("QEMU hangs");
    expect(faults({ machine: "virt,aia=aplic-imsic,iommu-sys=on", controllers: [] })).toEqual([]);
  });

  it("has no GPU that is named but not there, and none beside itself", () => {
    expect(ofController({ links: ["gpu2"] })).toEqual([
      "controllers.0.links.0: there is no gpu2: gpus names 2",
    ]);
    expect(ofController({ adjacent: [{ gpus: [0, 2], links: 1 }] })).toEqual([
      "controllers.0.adjacent.0.gpus.1: there is no gpu2: gpus names 2",
    ]);
    expect(ofController({ adjacent: [{ gpus: [1, 1], links: 1 }] })[0]).toContain("not adjacent to itself");
  });

  it.each([
    [{ links: [] }, "controllers.0.links"],
    [{ links: ["disk0"] }, "controllers.0.links.0"],
    [{ links: Array(17).fill("gpu0") }, "controllers.0.links"],
    [{ gpus: ["0M"] }, "controllers.0.gpus.0"],
    [{ slot: "20" }, "controllers.0.slot"],
    [{ slot: "0" }, "controllers.0.slot"],
    [{ name: "a/b" }, "controllers.0.name"],
    [{ serial: -1 }, "controllers.0.serial"],
    [{ speed: 0 }, "controllers.0.speed"],
  ])("refuses %j", (change, path) => {
    expect(ofController(change)[0]).toContain(`${path}: `);
  });

  it("puts no two things into one slot, and calls no two controllers the same", () => {
    expect(faults({ controllers: [controller, { ...controller, slot: "11" }] })).toEqual([
      "controllers.1.name: two controllers are called nvlink0",
    ]);
    expect(faults({ iommu: { slot: "10" } })).toEqual(["iommu.slot: PCI slot 10 has nvlink0 already"]);
    expect(faults({ disks: ["d.img"], iommu: { slot: "1" } })).toEqual([
      "iommu.slot: PCI slot 1 has d.img already",
    ]);
    expect(faults({ iommu: { slot: "08" } })).toEqual([
      "iommu.slot: PCI slot 08 has the network card already",
    ]);
  });
});

describe("a device of a machine", () => {
  it("is a driver, or a driver with properties", () => {
    expect(faults({ devices: ["virtio-rng-pci", { driver: "edu", addr: "9.0", dma_mask: 4 }] })).toEqual([]);
  });

  it("is nothing else", () => {
    expect(faults({ devices: ["edu,addr=9"] })[0]).toContain("with properties write { driver: …, addr: … }");
    expect(faults({ devices: [{ addr: "9.0" }] })).toHaveLength(1);
    expect(faults({ devices: [{ driver: "edu", bus: ["a"] }] })).toHaveLength(1);
  });
});
