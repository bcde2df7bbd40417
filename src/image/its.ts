/** A property or a node of a device tree source. */
export type ItsItem =
  | { readonly property: string; readonly strings: readonly string[] }
  | { readonly property: string; readonly cell: string }
  | { readonly property: string; readonly file: string }
  | { readonly node: string; readonly items: readonly ItsItem[] };

/** Text in double quotes as dtc reads it. */
export function itsString(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}

/** A FIT source (.its) with these items in its root node. */
export function itsText(items: readonly ItsItem[]): string {
  return `/dts-v1/;\n\n/ {\n${itemsText(items, "\t")}};\n`;
}

/** The source of an overlay that puts these items into the root node. */
export function overlayText(items: readonly ItsItem[]): string {
  return `/dts-v1/;\n/plugin/;\n\n&{/} {\n${itemsText(items, "\t")}};\n`;
}

function itemsText(items: readonly ItsItem[], indent: string): string {
  return items.map((item) => itemText(item, indent)).join("");
}

function itemText(item: ItsItem, indent: string): string {
  if ("node" in item) return `${indent}${item.node} {\n${itemsText(item.items, `${indent}\t`)}${indent}};\n`;
  if ("file" in item) return `${indent}${item.property} = /incbin/(${itsString(item.file)});\n`;
  if ("cell" in item) return `${indent}${item.property} = <${item.cell}>;\n`;
  return `${indent}${item.property} = ${item.strings.map(itsString).join(", ")};\n`;
}
