import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import type { z } from "zod";
import type { Failure, FailureCode } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { describeIssues } from "./describe-issue.ts";
import { pathKey, positionOf, type DataPath, type Located } from "./located.ts";

/**
 * Parses and checks a YAML document; reports all its faults at once, each with its position. Anchors are
 * resolved with yaml's own limit on alias expansion, so a "billion laughs" document fails.
 */
export function parseYaml<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
  code: FailureCode,
): Result<Located<z.output<S>>> {
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true, version: "1.2" });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return failed({
      code: "NVLAB_YAML",
      message: "it is nested too deeply",
      at: { file, line: 1, column: 1 },
    });
  }
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return failed(
      ...faults.map((fault): Failure => {
        const [message = fault.message] = fault.message.split(" at line ");
        return { code: "NVLAB_YAML", message, at: at(fault.pos[0]) };
      }),
    );
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return failed({ code: "NVLAB_YAML", message: String(error), at: at(0) });
  }
  const positions: Record<string, [number, number]> = {};
  const keys: Record<string, [number, number]> = {};
  collectPositions(document.contents, [], (path, offset, isKey) => {
    const { line, column } = at(offset);
    (isKey ? keys : positions)[pathKey(path)] = [line, column];
  });
  const checked = schema.safeParse(data);
  if (checked.success) return ok({ file, value: checked.data, positions });
  return failed(
    ...describeIssues(checked.error.issues).map((fault): Failure => {
      const key = fault.key === undefined ? undefined : keys[pathKey([...fault.path, fault.key])];
      const where = key ? { file, line: key[0], column: key[1] } : undefined;
      return {
        code,
        message: fault.message,
        at: where ?? positionOf({ file, value: undefined, positions }, fault.path),
        ...(fault.hint === undefined ? {} : { hint: fault.hint }),
      };
    }),
  );
}

function collectPositions(
  node: unknown,
  path: DataPath,
  found: (path: DataPath, offset: number, isKey: boolean) => void,
): void {
  const range = (node as Node | null)?.range;
  if (range) found(path, range[0], false);
  if (isMap(node)) {
    for (const pair of node.items) {
      if (!isScalar(pair.key)) continue;
      const inner = [...path, String(pair.key.value)];
      if (pair.key.range) found(inner, pair.key.range[0], true);
      collectPositions(pair.value, inner, found);
    }
  } else if (isSeq(node)) {
    node.items.forEach((item, index) => {
      collectPositions(item, [...path, index], found);
    });
  }
}
