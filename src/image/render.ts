import type { ImageStep } from "../recipe/schema/image.ts";
import { renderDeviceTree } from "./device-tree.ts";
import { checkDisk } from "./disk-check.ts";
import { renderDisk } from "./disk.ts";
import { checkFit, renderFit } from "./fit.ts";
import type { FitKeys } from "./fit-key.ts";
import { checkEntries } from "./initramfs-check.ts";
import { renderInitramfs } from "./initramfs.ts";
import type { RenderedImage } from "./rendered.ts";
import { renderUBoot } from "./u-boot.ts";

/**
 * Renders an image step of a target; `output` is the image's name, `target` the seed of its identifiers, `keys` those
 * that steps sign and verify with.
 */
export function renderImage(step: ImageStep, output: string, target: string, keys: FitKeys): RenderedImage {
  if ("initramfs" in step) return renderInitramfs(step.initramfs, output);
  if ("device-tree" in step) return renderDeviceTree(step["device-tree"], output, keys);
  if ("fit" in step) return renderFit(step.fit, output, keys);
  if ("u-boot" in step) return renderUBoot(step["u-boot"], output);
  return renderDisk(step.disk, output, target);
}

/** A fault in an image step and its path below the step, for a position in the recipe. */
export interface ImageFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The keys that an image step names, each with its path below the step. */
export function keysOf(step: ImageStep): { readonly name: string; readonly path: (string | number)[] }[] {
  if ("fit" in step && step.fit.sign) return [{ name: step.fit.sign.key, path: ["fit", "sign", "key"] }];
  if (!("device-tree" in step)) return [];
  return (step["device-tree"].verify?.keys ?? []).map((name, index) => ({
    name,
    path: ["device-tree", "verify", "keys", index],
  }));
}

/** What is wrong with an image step although its schema accepts it. */
export function checkImage(step: ImageStep, keys: FitKeys): ImageFault[] {
  return [...checkContent(step), ...checkKeys(step, keys)];
}

function checkKeys(step: ImageStep, keys: FitKeys): ImageFault[] {
  return keysOf(step).flatMap(({ name, path }) => {
    const key = keys.get(name);
    if (!key) return [{ path, message: `no key '${name}' is at hand` }];
    if ("fit" in step && !key.canSign) {
      return [{ path, message: `of the key '${name}' only the public half is at hand, and it has to sign` }];
    }
    return [];
  });
}

function checkContent(step: ImageStep): ImageFault[] {
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
