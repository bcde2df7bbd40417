import type { ImageStep } from "../recipe/schema/image.ts";
import { renderDeviceTree } from "./device-tree.ts";
import { checkDisk } from "./disk-check.ts";
import { renderDisk } from "./disk.ts";
import { checkFit, renderFit } from "./fit.ts";
import { checkEntries } from "./initramfs-check.ts";
import { renderInitramfs } from "./initramfs.ts";
import type { RenderedImage } from "./rendered.ts";

/** Renders an image step of a target; `output` is the image's name, `target` the seed of its identifiers. */
export function renderImage(step: ImageStep, output: string, target: string): RenderedImage {
  if ("initramfs" in step) return renderInitramfs(step.initramfs, output);
  if ("device-tree" in step) return renderDeviceTree(step["device-tree"], output);
  if ("fit" in step) return renderFit(step.fit, output);
  return renderDisk(step.disk, output, target);
}

/** A fault in an image step and its path below the step, for a position in the recipe. */
export interface ImageFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with an image step although its schema accepts it. */
export function checkImage(step: ImageStep): ImageFault[] {
  if ("initramfs" in step) {
    return checkEntries(step.initramfs.entries).map(({ entry, message }) => ({
      path: ["initramfs", "entries", entry],
      message,
    }));
  }
  if ("fit" in step) return checkFit(step.fit).map((message) => ({ path: ["fit", "command-line"], message }));
  if ("disk" in step) return checkDisk(step.disk).map((message) => ({ path: ["disk"], message }));
  return [];
}
