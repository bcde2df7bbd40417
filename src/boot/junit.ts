import type { BootTestOutcome } from "./boot-outcome.ts";
import { leaves } from "./ktap.ts";
import type { KtapLeaf, KtapTest } from "./ktap.ts";

/**
 * junit.xml in the form that CI systems read (testmoapp/junitxml): a suite for each outermost test, a case for each
 * leaf. What went wrong with the machine itself is an error of a suite called "boot".
 */
export function renderJunit(target: string, outcome: BootTestOutcome): string {
  const suites = outcome.results.tests.map((test) => suite(target, test));
  const boot: Suite = {
    name: "boot",
    cases: [
      element("testcase", { classname: target, name: "boot", time: seconds(outcome.wallMs) }, [
        ...outcome.troubles.map(({ message, details }) =>
          element("error", { message }, [escape((details ?? []).join("\n"))]),
        ),
      ]),
    ],
    counts: { tests: 1, failures: 0, errors: outcome.troubles.length > 0 ? 1 : 0, skipped: 0 },
    timeMs: outcome.wallMs,
  };
  const all = [boot, ...suites];
  const total = (key: keyof Counts): number => all.reduce((sum, { counts }) => sum + counts[key], 0);
  const body = all.map(({ name, cases, counts, timeMs }) =>
    element("testsuite", { name, ...texts(counts), time: seconds(timeMs) }, cases),
  );
  const attributes = {
    name: `nvlab boot ${target}`,
    tests: String(total("tests")),
    failures: String(total("failures")),
    errors: String(total("errors")),
    skipped: String(total("skipped")),
    time: seconds(outcome.wallMs),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", attributes, body)}\n`;
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly string[];
  readonly counts: Counts;
  readonly timeMs: number;
}

function suite(target: string, test: KtapTest): Suite {
  const found = leaves([test]);
  const having = (...statuses: readonly string[]): number =>
    found.filter((leaf) => statuses.includes(leaf.test.status)).length;
  return {
    name: test.name,
    cases: found.map((leaf) => testCase(target, leaf)),
    counts: {
      tests: found.length,
      failures: having("fail"),
      errors: 0,
      skipped: having("skip", "expected-fail"),
    },
    timeMs: test.timeMs ?? 0,
  };
}

function testCase(target: string, { test, path }: KtapLeaf): string {
  const attributes = {
    classname: [target, ...(path.length === 0 ? [test.name] : path)].join("."),
    name: test.name,
    ...(test.timeMs === undefined ? {} : { time: seconds(test.timeMs) }),
  };
  const said = test.diagnostics.join("\n");
  switch (test.status) {
    case "pass":
      return element("testcase", attributes, said === "" ? [] : [element("system-out", {}, [escape(said)])]);
    case "fail":
      return element("testcase", attributes, [
        element("failure", { message: test.reason ?? `${test.name} failed` }, [escape(said)]),
      ]);
    case "skip":
      return element("testcase", attributes, [element("skipped", { message: test.reason ?? "" }, [])]);
    case "expected-fail":
      return element("testcase", attributes, [
        element("skipped", { message: `expected to fail: ${test.reason ?? ""}` }, []),
      ]);
  }
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly string[],
): string {
  const head = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeAttribute(value)}"`)
    .join("");
  const inner = children.join("");
  return inner === "" ? `<${name}${head}/>` : `<${name}${head}>${inner}</${name}>`;
}

/** Text for XML 1.0: what it cannot hold (most control characters, lone surrogates) becomes U+FFFD. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\P{Cc}]|[\p{Cs}\uFFFE\uFFFF]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}

/** White space other than spaces would be read back as spaces. */
function escapeAttribute(text: string): string {
  return escape(text).replace(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function texts(counts: Counts): Record<string, string> {
  return Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, String(value)]));
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
