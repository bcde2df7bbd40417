import type { KtapStatus } from "./ktap.ts";

/** What one line of the protocol says. */
export type KtapLine =
  | { readonly type: "version" }
  | { readonly type: "plan"; readonly count: number; readonly reason: string | undefined }
  | {
      readonly type: "result";
      readonly number: number;
      readonly name: string;
      readonly status: KtapStatus;
      readonly reason: string | undefined;
    }
  | { readonly type: "bail-out"; readonly reason: string }
  | { readonly type: "diagnostic"; readonly text: string; readonly durationMs: number | undefined }
  | { readonly type: "other"; readonly text: string };

/** Reads a line from which indentation and anything of the kernel's log were taken. */
export function readKtapLine(text: string): KtapLine {
  if (/^K?TAP version \d+$/.test(text)) return { type: "version" };
  const plan = /^1\.\.(\d{1,9})(?:\s*#\s*(?:SKIP\S*\s*)?(.*))?$/i.exec(text);
  if (plan !== null) return { type: "plan", count: Number(plan[1]), reason: nonEmpty(plan[2]) };
  const result = /^(not )?ok (\d{1,9})(?:$|\s+(.*)$)/.exec(text);
  if (result !== null) {
    return {
      type: "result",
      number: Number(result[2]),
      ...describe(result[1] === undefined, result[3] ?? ""),
    };
  }
  const bail = /^Bail out!\s*(.*)$/i.exec(text);
  if (bail !== null) return { type: "bail-out", reason: bail[1] ?? "" };
  if (text.startsWith("#")) {
    const said = text.replace(/^#\s?/, "");
    const duration = /^duration_ms:?\s+(\d+(?:\.\d+)?)$/.exec(said.trim())?.[1];
    return {
      type: "diagnostic",
      text: said,
      durationMs: duration === undefined ? undefined : Number(duration),
    };
  }
  return { type: "other", text };
}

/** Splits "- name # DIRECTIVE reason"; a # with a backslash before it belongs to the name. */
function describe(
  good: boolean,
  rest: string,
): { name: string; status: KtapStatus; reason: string | undefined } {
  const [, said = "", behind] = /^((?:\\.|[^\\#])*)(?:#\s*(.*))?$/.exec(rest) ?? ["", rest];
  const name = said
    .replace(/^-\s+/, "")
    .replaceAll(/\\([\\#])/g, "$1")
    .trim();
  const [, directive, why] = /^(SKIP|TODO|XFAIL)\S*\s*(.*)$/i.exec(behind ?? "") ?? [];
  const plain: KtapStatus = good ? "pass" : "fail";
  if (directive === undefined) return { name, status: plain, reason: nonEmpty(behind) };
  const statuses: Readonly<Record<string, KtapStatus>> = {
    SKIP: "skip",
    XFAIL: "expected-fail",
    TODO: good ? "pass" : "expected-fail",
  };
  return { name, status: statuses[directive.toUpperCase()] ?? plain, reason: nonEmpty(why) };
}

function nonEmpty(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === "" ? undefined : trimmed;
}
