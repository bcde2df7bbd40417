import { type Answered, printable } from "./ask-controller.ts";

/** A model's answer for people: a line for each of its fields, nothing where it only said yes. */
export function renderAnswer(answer: Answered): string {
  return Object.entries(answer)
    .map(([name, value]) => `${printable(name)}: ${printable(textOf(value))}`)
    .join("\n");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
