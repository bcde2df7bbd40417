import type { BuildEvent } from "../../../src/report/event.ts";
import type { Renderer } from "../../../src/report/renderer.ts";

/** A small build as events: one download, one root, a component built, one from the store, one that fails. */
export const smallBuild: readonly BuildEvent[] = [
  {
    type: "plan",
    at: 10,
    target: "qemu-virt",
    nodes: [
      { id: "opensbi/source", component: "opensbi" },
      { id: "opensbi", component: "opensbi" },
      { id: "u-boot", component: "u-boot" },
      { id: "linux", component: "linux" },
      { id: "boot.itb", component: "boot.itb" },
    ],
  },
  { type: "download-started", at: 100, file: "linux.tar.xz", bytes: 1000 },
  { type: "download-progress", at: 200, file: "linux.tar.xz", received: 500, bytes: 1000 },
  { type: "download-retried", at: 300, file: "linux.tar.xz", place: "mirror", reason: "connection reset" },
  { type: "download-finished", at: 1100, file: "linux.tar.xz", bytes: 1000 },
  { type: "root-started", at: 1200, root: "build", packages: 2 },
  { type: "root-progress", at: 1300, root: "build", unpacked: 1, packages: 2 },
  { type: "root-finished", at: 2000, root: "build" },
  { type: "node-finished", at: 2100, node: "u-boot", component: "u-boot", outcome: "cached", wall: 1 },
  { type: "node-started", at: 2200, node: "opensbi/source", component: "opensbi" },
  {
    type: "node-finished",
    at: 2300,
    node: "opensbi/source",
    component: "opensbi",
    outcome: "built",
    wall: 100,
  },
  { type: "node-started", at: 2400, node: "opensbi", component: "opensbi", expectedLines: 10 },
  { type: "node-output", at: 2500, node: "opensbi", line: "  CC        lib/sbi/sbi_init.o", lines: 4 },
  { type: "node-finished", at: 9400, node: "opensbi", component: "opensbi", outcome: "built", wall: 7000 },
  { type: "node-started", at: 9500, node: "linux", component: "linux" },
  {
    type: "node-finished",
    at: 12_500,
    node: "linux",
    component: "linux",
    outcome: "failed",
    wall: 3000,
    failures: [{ code: "NVLAB_STEP", message: "broken" }],
  },
  { type: "node-finished", at: 12_600, node: "boot.itb", component: "boot.itb", outcome: "skipped", wall: 0 },
  {
    type: "notice",
    at: 12_700,
    level: "warning",
    message: "the store entry was altered",
    hint: "it is built anew",
  },
];

export async function play(renderer: Renderer, events: readonly BuildEvent[] = smallBuild): Promise<void> {
  events.forEach((event) => {
    renderer.emit(event);
  });
  await renderer.finish();
}
