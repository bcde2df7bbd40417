import { isMap, isSeq, parseDocument } from "yaml";
import type { NewFile } from "./project-files.ts";

/**
 * A target of one's own: the shipped one under another name, with one more device tree overlay. A target cannot
 * extend another, since each line of it decides what the board is; so all of it is there to be changed.
 */
export function targetFile(name: string, shipped: string): NewFile {
  const document = parseDocument(shipped);
  document.commentBefore = ` Began as a copy of the shipped target ${String(document.get("name"))}.`;
  document.set("name", name);
  if (document.has("summary")) document.set("summary", `an own board, from ${name}`);
  const images = document.get("images");
  for (const pair of isMap(images) ? images.items : []) {
    if (!isMap(pair.value)) continue;
    const tree = pair.value.get("device-tree");
    if (!isMap(tree) || !tree.has("source")) continue;
    const overlays = tree.get("overlays");
    if (isSeq(overlays)) overlays.add(`dts/${name}.dtso`);
    else tree.set("overlays", [`dts/${name}.dtso`]);
  }
  return { path: `recipes/targets/${name}.yaml`, text: document.toString({ lineWidth: 110 }) };
}
