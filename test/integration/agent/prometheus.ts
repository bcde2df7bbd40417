/** A sample of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\d+)$/;
const labelPair = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/;

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== "";) {
    const [pair, name = "", value = ""] = labelPair.exec(rest) ?? [];
    if (pair === undefined || name in labels) throw new Error(`labels: ${rest}`);
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
    rest = rest.slice(pair.length);
  }
  return labels;
}

/**
 * Reads Prometheus' text format as strictly as its own checker: every family has HELP and TYPE once and before its
 * samples, families are not mixed, counters end in _total, and no sample occurs twice.
 */
export function readMetrics(text: string): Sample[] {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const types = new Map<string, string>();
  const seen = new Set<string>();
  const samples: Sample[] = [];
  let family = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [comment, kind, name = "", detail = ""] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (comment !== undefined) {
      if (kind === "HELP" && types.has(name)) throw new Error(`twice: ${line}`);
      if (kind === "TYPE" && name !== family) throw new Error(`no HELP before: ${line}`);
      if (kind === "TYPE" && (detail === "counter") !== name.endsWith("_total")) throw new Error(line);
      if (kind === "TYPE") types.set(name, detail);
      family = name;
      continue;
    }
    const [whole, sample = "", labels = "", value = ""] = sampleLine.exec(line) ?? [];
    const key = line.slice(0, line.lastIndexOf(" "));
    if (whole === undefined || sample !== family || !types.has(sample) || seen.has(key))
      throw new Error(`sample: ${line}`);
    seen.add(key);
    samples.push({ name: sample, labels: readLabels(labels), value });
  }
  return samples;
}
