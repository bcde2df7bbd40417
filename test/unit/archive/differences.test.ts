import { expect, test } from "vitest";
import { differences, unpinnedSources } from "../../../src/archive/bundle/differences.ts";
import type { Manifest, ManifestComponent } from "../../../src/release/manifest.ts";

const digest = (letter: string): string => `sha256-${letter.repeat(43)}=`;
const component: ManifestComponent = {
  name: "linux",
  version: "6.18.15",
  license: "GPL-2.0-only",
  parameters: { A: 1, B: "x" },
  sources: [
    { type: "archive", name: "main", variant: 0, file: "linux.tar.xz", integrity: digest("a"), places: [] },
  ],
  patches: [
    { path: "patches/linux/1.patch", integrity: digest("b") },
    { path: "patches/linux/2.patch", integrity: digest("c") },
  ],
  overlay: [{ path: "drivers/new.c", integrity: digest("d") }],
};
const tool = { name: "gcc", version: "1", purl: "pkg:deb/debian/gcc@1" };
const manifest = {
  epoch: 1,
  lock: digest("l"),
  toolchain: { root: digest("r"), packages: 1, compiler: tool, binutils: tool },
  components: [component],
} satisfies Partial<Manifest>;
const changed = (change: Partial<ManifestComponent>): string[] =>
  differences(manifest, { ...manifest, components: [{ ...component, ...change }] });

test("the same inputs differ in nothing, whatever the order of parameters", () => {
  expect(changed({ parameters: { B: "x", A: 1 } })).toEqual([]);
});

test.each([
  [{ version: "6.18.16" }, "linux: version 6.18.16, not 6.18.15"],
  [{ license: "MIT" }, "linux: license MIT, not GPL-2.0-only"],
  [{ parameters: {} }, "linux: other parameters"],
  [
    { patches: [component.patches[0], { path: "patches/linux/2.patch", integrity: digest("x") }] },
    "linux: patch patches/linux/2.patch has other bytes",
  ],
  [{ patches: [component.patches[1]] }, "linux: patch patches/linux/1.patch is not in the project"],
  [{ patches: [...component.patches].reverse() }, "linux: the order of each patch is another"],
  [{ overlay: [] }, "linux: overlay file drivers/new.c is not in the project"],
  [
    { overlay: [...component.overlay, { path: "drivers/more.c", integrity: digest("e") }] },
    "linux: overlay file drivers/more.c is new",
  ],
  [{ sources: [] }, "linux: source main is not in the project"],
])("%j is told", (change, line) => {
  expect(changed(change as Partial<ManifestComponent>)).toEqual([line]);
});

test("another lock, epoch, toolchain and other components are told", () => {
  expect(
    differences(manifest, {
      epoch: 2,
      lock: digest("m"),
      toolchain: { ...manifest.toolchain, root: digest("s") },
      components: [{ ...component, name: "other" }],
    }),
  ).toEqual([
    "the lock has other content",
    "the build epoch is 2, not 1",
    "the root of the toolchain is another",
    "linux: the project does not build it",
    "other: the release does not have it",
  ]);
});

test("local trees are named", () => {
  const local = { type: "local", name: "main", integrity: digest("z") } as const;
  expect(unpinnedSources({ components: [{ ...component, sources: [local] }] })).toEqual(["linux: main"]);
  expect(unpinnedSources(manifest)).toEqual([]);
});
