/** Line and column, both from 1, of a character offset. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

const space = /[ \t\r\n]*/y;
const scalar =
  /"(?:[^"\\\t\r\n]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

class Unexpected extends Error {
  constructor(readonly offset: number) {
    super("unexpected text");
  }
}

/**
 * Walks through JSON text and tells where each value begins. Slow, and only for texts that were found faulty:
 * JSON.parse of Node 20 does not always say where.
 */
class Walker {
  offset = 0;
  constructor(
    private readonly text: string,
    private readonly visit: (path: readonly (string | number)[], offset: number) => void,
  ) {}

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.offset += found.length;
    return found;
  }

  private sees(character: string): boolean {
    this.match(space);
    if (this.text[this.offset] !== character) return false;
    this.offset += 1;
    return true;
  }

  private expect(character: string): void {
    if (!this.sees(character)) throw new Unexpected(this.offset);
  }

  private items(end: string, item: (index: number) => void): void {
    if (this.sees(end)) return;
    for (let index = 0; ; index += 1) {
      item(index);
      if (this.sees(end)) return;
      this.expect(",");
    }
  }

  value(path: readonly (string | number)[]): void {
    this.match(space);
    this.visit(path, this.offset);
    if (this.sees("{")) {
      this.items("}", () => {
        this.match(space);
        const start = this.offset;
        const key = this.match(scalar);
        if (!key.startsWith('"')) throw new Unexpected(start);
        this.expect(":");
        this.value([...path, JSON.parse(key) as string]);
      });
    } else if (this.sees("[")) {
      this.items("]", (index) => {
        this.value([...path, index]);
      });
    } else if (this.match(scalar) === "") {
      throw new Unexpected(this.offset);
    }
  }

  end(): void {
    this.match(space);
    if (this.offset < this.text.length) throw new Unexpected(this.offset);
  }
}

/** Offset of the first character that is no JSON, or undefined where all is well. */
export function syntaxErrorAt(text: string): number | undefined {
  const walker = new Walker(text, () => undefined);
  try {
    walker.value([]);
    walker.end();
    return undefined;
  } catch (error) {
    if (error instanceof Unexpected) return error.offset;
    throw error;
  }
}

/** Offset of the value at a path, or of the nearest thing around it that is there. Expects good JSON. */
export function offsetOf(text: string, path: readonly PropertyKey[]): number {
  let deepest = { length: -1, offset: 0 };
  const visit = (found: readonly (string | number)[], offset: number): void => {
    if (found.length <= deepest.length || !found.every((part, index) => part === path[index])) return;
    deepest = { length: found.length, offset };
  };
  new Walker(text, visit).value([]);
  return deepest.offset;
}
