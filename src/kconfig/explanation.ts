/** A term of an option's dependencies that does not hold, with the values of the options in it. */
export interface UnmetTerm {
  readonly term: string;
  /** "n", or "m" where the term allows no more than a module. */
  readonly value: string;
  /** Names without CONFIG_; "undefined" where no Kconfig file defines the option. */
  readonly options: Readonly<Record<string, string>>;
}

/** What a tree's own parser says about an option: a line of the explain script's output. */
export interface Explanation {
  readonly option: string;
  readonly exists: boolean;
  readonly similar: readonly string[];
  readonly type: string;
  readonly visible: string;
  readonly prompt?: string;
  /** The whole dependency, as the tree writes it. */
  readonly depends?: string;
  readonly unmet: readonly UnmetTerm[];
  /** Options that select this one, with their values. */
  readonly selectedBy: Readonly<Record<string, string>>;
  /** The other member of a choice that is set. */
  readonly chosen?: string;
  readonly range?: readonly [string, string];
}

type Fields = Partial<Record<keyof Explanation | "value", unknown>>;

/** JSON lines of the explain script by option; any other line in between is passed over. */
export function parseExplanations(output: string): Map<string, Explanation> {
  const found = new Map<string, Explanation>();
  for (const line of output.split("\n")) {
    const fields = parseLine(line);
    if (typeof fields?.option !== "string") continue;
    found.set(fields.option, {
      option: fields.option,
      exists: fields.exists === true,
      similar: texts(fields.similar),
      type: text(fields.type) ?? "",
      visible: text(fields.visible) ?? "n",
      unmet: Array.isArray(fields.unmet) ? fields.unmet.map(unmetTerm) : [],
      selectedBy: textRecord(fields.selectedBy),
      ...optional("prompt", text(fields.prompt)),
      ...optional("depends", text(fields.depends)),
      ...optional("chosen", text(fields.chosen)),
      ...optional("range", range(fields.range)),
    });
  }
  return found;
}

function parseLine(line: string): Fields | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
}

function unmetTerm(value: unknown): UnmetTerm {
  const fields = (value ?? {}) as Partial<Record<keyof UnmetTerm, unknown>>;
  return {
    term: text(fields.term) ?? "",
    value: text(fields.value) ?? "n",
    options: textRecord(fields.options),
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function range(value: unknown): readonly [string, string] | undefined {
  const [low, high] = texts(value);
  return low === undefined || high === undefined ? undefined : [low, high];
}

function textRecord(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
