import { bootTest } from "./src/boot/boot-test.ts";
import { machineRun } from "./src/boot/machine-run.ts";
import { renderTestTable } from "./src/boot/test-table.ts";
import { writeTestResults } from "./src/boot/write-results.ts";
import { Machine } from "./src/recipe/schema/target.ts";
import { shellCommand } from "./src/boot/shell-command.ts";
const machine = Machine.parse({ machine: "virt,aia=aplic-imsic,iommu-sys=on", bios: "fw_dynamic.bin", kernel: "u-boot.bin", disks: process.argv[3] === "nodisk" ? [] : ["disk.img"], devices: ["virtio-rng-pci", "i6300esb"] });
const run = machineRun({ machine, root: "/work/scratch/roots/boot", images: "/tmp/nvboot/images", console: "test", append: process.argv[2] ?? "nvlab.test" });
if (!run.ok) throw new Error(JSON.stringify(run));
console.log(shellCommand(run.value));
const t = performance.now();
const outcome = await bootTest({ run: run.value, timeoutSeconds: Number(process.argv[4] ?? 60), log: "/tmp/nvboot/out/logs/boot-test.log" });
console.log(performance.now() - t);
if (!outcome.ok) { console.log(outcome); process.exit(1); }
console.log(outcome.value.ending, outcome.value.stages, outcome.value.failures, outcome.value.wallMs);
console.log(renderTestTable(outcome.value));
console.log(await writeTestResults("/tmp/nvboot/out", "qemu-virt", outcome.value));
