import type { ConsoleLine, KtapResults, KtapTest } from "./ktap.ts";
import { readKtapLine } from "./ktap-line.ts";
import type { KtapLine } from "./ktap-line.ts";
import { selectStream } from "./ktap-stream.ts";

/** Diagnostics kept for one test: enough to see what happened, whatever a test prints. */
const mostDiagnostics = 100;

/** A level of tests that is being read. */
interface Frame {
  readonly indent: number;
  readonly tests: KtapTest[];
  /** Index of the first test to which plan and numbers refer. */
  first: number;
  plan: number | undefined;
  /** Reason of an empty plan. */
  skipped: string | undefined;
  /** What was said since the last result. */
  diagnostics: string[];
  durationMs: number | undefined;
  /** When the last result came, or the level began. */
  since: number | undefined;
}

/**
 * Reads KTAP out of a console's lines. Never fails: what is wrong with the output is in `problems`. The kernel's
 * own messages in between, even in the middle of a line, are passed over.
 */
export function parseKtap(lines: readonly (string | ConsoleLine)[]): KtapResults {
  const stream = selectStream(lines.map((line) => (typeof line === "string" ? { text: line } : line)));
  const problems: string[] = [];
  if (stream.length === 0) return { tests: [], problems: ["no KTAP was printed"] };
  const root = newFrame(0, stream[0]?.at);
  const stack: Frame[] = [root];
  const top = (): Frame => stack.at(-1) ?? root;
  /** Ends the levels deeper than `indent`; the outermost of them is returned, the rest is kept as unfinished. */
  const close = (indent: number): Frame | undefined => {
    let closed: Frame | undefined;
    while (stack.length > 1 && top().indent > indent) {
      const frame = stack.pop();
      if (frame === undefined) break;
      if (closed !== undefined) frame.tests.push(unfinished(closed, problems));
      closed = frame;
    }
    return closed;
  };
  const open = (indent: number, at: number | undefined): Frame => {
    if (indent > top().indent) stack.push(newFrame(indent, at));
    return top();
  };
  const orphan = (frame: Frame | undefined): void => {
    if (frame !== undefined) top().tests.push(unfinished(frame, problems));
  };

  for (const { indent, text, at } of stream.slice(1)) {
    const line = readKtapLine(text);
    if (line.type === "bail-out") {
      orphan(close(0));
      return { tests: root.tests, problems, bailOut: line.reason };
    }
    switch (line.type) {
      case "version":
        orphan(close(indent));
        if (indent > top().indent) open(indent, at);
        else restart(top(), problems);
        break;
      case "plan": {
        orphan(close(indent));
        const frame = open(indent, at);
        if (frame.plan !== undefined) problems.push(`a second plan, 1..${line.count}`);
        else [frame.plan, frame.skipped] = [line.count, line.reason];
        break;
      }
      case "result": {
        const below = close(indent);
        addResult(open(indent, at), line, below, at, problems);
        break;
      }
      case "diagnostic":
        top().durationMs = line.durationMs ?? top().durationMs;
        addDiagnostic(top(), line.text);
        break;
      case "other":
        addDiagnostic(top(), line.text);
    }
  }
  orphan(close(0));
  checkPlan(root, "", problems);
  return { tests: root.tests, problems };
}

type ResultLine = Extract<KtapLine, { type: "result" }>;

function addResult(
  frame: Frame,
  line: ResultLine,
  below: Frame | undefined,
  at: number | undefined,
  problems: string[],
): void {
  const due = frame.tests.length - frame.first + 1;
  const name = line.name === "" ? `test ${line.number}` : line.name;
  if (line.number !== due) problems.push(`${name} has number ${line.number} where ${due} was due`);
  if (below !== undefined) checkPlan(below, name, problems);
  const children = below?.tests ?? [];
  if (line.status === "pass" && children.some(({ status }) => status === "fail")) {
    problems.push(`${name} is ok though one of its subtests is not`);
  }
  const measured = at === undefined || frame.since === undefined ? undefined : at - frame.since;
  const timeMs = frame.durationMs ?? measured;
  const reason = line.reason ?? below?.skipped;
  frame.tests.push({
    number: line.number,
    name,
    status: line.status,
    ...(reason === undefined ? {} : { reason }),
    ...(timeMs === undefined ? {} : { timeMs }),
    diagnostics: [...frame.diagnostics, ...(below?.diagnostics ?? [])],
    children,
  });
  frame.diagnostics = [];
  frame.durationMs = undefined;
  frame.since = at;
}

function checkPlan(frame: Frame, name: string, problems: string[]): void {
  const where = name === "" ? "" : ` in ${name}`;
  if (frame.plan === undefined) {
    // A level below may do without: the result of the test around it shows that it has ended.
    if (name === "") problems.push("no plan (1..N) was printed");
  } else if (frame.plan !== frame.tests.length - frame.first) {
    problems.push(`${frame.tests.length - frame.first} of ${frame.plan} planned tests reported${where}`);
  }
}

/** A level whose surrounding result never came. */
function unfinished(frame: Frame, problems: string[]): KtapTest {
  problems.push("the output ends within a test");
  return {
    number: 0,
    name: "(unfinished)",
    status: "fail",
    diagnostics: frame.diagnostics,
    children: frame.tests,
  };
}

/** A further document on the same level: its tests are added, numbers and plan begin anew. */
function restart(frame: Frame, problems: string[]): void {
  checkPlan(frame, "", problems);
  frame.plan = undefined;
  frame.first = frame.tests.length;
}

function newFrame(indent: number, since: number | undefined): Frame {
  return {
    indent,
    tests: [],
    first: 0,
    plan: undefined,
    skipped: undefined,
    diagnostics: [],
    durationMs: undefined,
    since,
  };
}

function addDiagnostic(frame: Frame, text: string): void {
  if (text.trim() !== "" && frame.diagnostics.length < mostDiagnostics) frame.diagnostics.push(text);
}
