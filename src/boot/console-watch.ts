import { StringDecoder } from "node:string_decoder";
import { stripVTControlCharacters } from "node:util";
import type { Stage } from "./console-stage.ts";
import { isCrash, isPrompt, stageOf, stages } from "./console-stage.ts";
import type { ConsoleLine } from "./ktap.ts";

/** Why there is nothing more to wait for. */
export type WatchEnd =
  | { readonly type: "tests-ended" }
  | { readonly type: "crash"; readonly line: string }
  | { readonly type: "prompt" };

export interface StageTime {
  readonly stage: Stage;
  /** Milliseconds since the machine was started. */
  readonly at: number;
}

/** Lines and line lengths kept at most, so that a guest that prints without end cannot fill memory. */
const mostLines = 100_000;
const longestLine = 4096;

/** Follows a serial console: cuts it into lines, sees how far the machine is and when it can be ended. */
export class ConsoleWatch {
  readonly lines: ConsoleLine[] = [];
  readonly stages: StageTime[] = [{ stage: "power-on", at: 0 }];
  /** The first reason to end, once there is one. */
  end: WatchEnd | undefined;

  readonly #decoder = new StringDecoder("utf8");
  #rest = "";
  #planned: number | undefined;
  #reported = 0;

  get stage(): Stage {
    return this.stages.at(-1)?.stage ?? "power-on";
  }

  /** @param at milliseconds since the machine was started */
  write(chunk: Buffer, at: number): void {
    const parts = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = (parts.pop() ?? "").slice(0, longestLine);
    for (const part of parts) this.#line(part, at);
    if (this.stage === "bootloader" && isPrompt(plain(this.#rest))) this.end ??= { type: "prompt" };
  }

  /** Takes what is left of a last line without an end. */
  close(at: number): void {
    if (this.#rest !== "") this.#line(this.#rest, at);
    this.#rest = "";
  }

  /** The last lines with something in them, the part of a line included that has no end yet. */
  tail(count: number): string[] {
    const last = this.lines.slice(-count * 2).map(({ text }) => text);
    return [...last, plain(this.#rest)].filter((text) => text.trim() !== "").slice(-count);
  }

  #line(raw: string, at: number): void {
    const text = plain(raw).slice(0, longestLine);
    if (this.lines.length < mostLines) this.lines.push({ text, at });
    const stage = stageOf(text);
    if (stage !== undefined && stages.indexOf(stage) > stages.indexOf(this.stage)) {
      this.stages.push({ stage, at });
    }
    if (isCrash(text)) this.end ??= { type: "crash", line: text.replace(/^\[\s*[\d.]+\]/, "").trim() };
    if (this.stage === "done" || this.#completes(text)) this.end ??= { type: "tests-ended" };
  }

  /** True once the outermost plan has all its results. */
  #completes(text: string): boolean {
    if (this.stage !== "tests") return false;
    const plan = /^1\.\.(\d{1,9})\b/.exec(text)?.[1];
    if (plan !== undefined) this.#planned ??= Number(plan);
    if (/^(?:not )?ok \d+/.test(text)) this.#reported += 1;
    return this.#planned !== undefined && this.#reported >= this.#planned;
  }
}

/** Without terminal control: what a guest prints is shown on the person's terminal as text only. */
function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\t\P{Cc}]/gu, "");
}
