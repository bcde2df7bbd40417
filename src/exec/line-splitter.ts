import { StringDecoder } from "node:string_decoder";

/** A line longer than this is given out in pieces: a program that never ends a line must not fill memory. */
const longestLine = 64 * 1024;

/** Cuts a stream of bytes into lines, without their ends. */
export interface LineSplitter {
  /** Lines given out so far. */
  readonly count: number;
  write(chunk: Buffer): void;
  /** Gives out what is left of a last line without an end. */
  end(): void;
}

export function lineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let count = 0;
  const give = (line: string): void => {
    count += 1;
    onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  };
  return {
    get count() {
      return count;
    },
    write(chunk) {
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) give(line);
      if (rest.length > longestLine) {
        give(rest);
        rest = "";
      }
    },
    end() {
      rest += decoder.end();
      if (rest !== "") give(rest);
      rest = "";
    },
  };
}
