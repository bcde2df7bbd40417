import { InvalidArgumentError } from "commander";
import type { FitKeyOption, LocalSourceOption } from "./options.ts";

/** --epoch, --pid: up to the largest number that a double holds exactly. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("It has to be a whole number from 1 on.");
  return Number(text);
}

const mostJobs = 4096;

/** --jobs */
export function jobCount(text: string): number {
  const jobs = positiveInteger(text);
  if (jobs > mostJobs) throw new InvalidArgumentError(`It has to be at most ${mostJobs}.`);
  return jobs;
}

const sizeUnits: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** "20G", "512M": bytes, in powers of 1024. */
export function size(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text) ?? [];
  const factor = sizeUnits[unit.toUpperCase()];
  if (number === undefined || factor === undefined) {
    throw new InvalidArgumentError("It has to be a size such as 512M or 20G.");
  }
  return Math.round(Number(number) * factor);
}

const hour = 3600;
const timeUnits: Readonly<Record<string, number>> = { s: 1, m: 60, h: hour, d: 24 * hour, w: 7 * 24 * hour };

/** "90", "90s", "5m", "12h", "30d", "2w": seconds. */
export function seconds(text: string): number {
  const [, number, unit = "s"] = /^(\d+(?:\.\d+)?)([smhdw]?)$/.exec(text) ?? [];
  const factor = timeUnits[unit === "" ? "s" : unit];
  if (number === undefined || factor === undefined) {
    throw new InvalidArgumentError("It has to be a time such as 90s, 5m, 12h or 30d.");
  }
  return Number(number) * factor;
}

/** What a timer takes at most is 2^31 - 1 milliseconds: some more would be over at once. */
const longestTimeout = 24 * 24 * hour;

/** --timeout: seconds. */
export function timeout(text: string): number {
  const time = seconds(text);
  if (time > longestTimeout) throw new InvalidArgumentError("It has to be at most 24d.");
  return time;
}

export function milliseconds(text: string): number {
  return seconds(text) * 1000;
}

/** --source NAME=DIR, as often as wanted. */
export function localSource(
  text: string,
  before: readonly LocalSourceOption[] | undefined,
): LocalSourceOption[] {
  const at = text.indexOf("=");
  const component = text.slice(0, at);
  const directory = text.slice(at + 1);
  if (at < 1 || directory === "") {
    throw new InvalidArgumentError("It has to be NAME=DIR, as in linux=../linux.");
  }
  return [...(before ?? []), { component, directory }];
}

/** --fit-key NAME=FILE, as often as wanted. */
export function fitKey(text: string, before: readonly FitKeyOption[] | undefined): FitKeyOption[] {
  const at = text.indexOf("=");
  const [name, file] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || file === "") {
    throw new InvalidArgumentError("It has to be NAME=FILE, as in boot=../keys/boot.key.");
  }
  return [...(before ?? []), { name, file }];
}

/** An option that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** An http, https or file address. */
export function mirrorAddress(text: string, before: readonly string[] | undefined): string[] {
  if (!URL.canParse(text) || !/^(https?|file):/.test(text)) {
    throw new InvalidArgumentError("It has to be an address that begins with http://, https:// or file:///.");
  }
  return [...(before ?? []), text];
}

/** --expires: a day, which begins at midnight UTC, or a moment. */
export function moment(text: string): Date {
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}(T[0-9:.]+Z)?$/.test(text) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError("It has to be a day such as 2027-06-30, or 2027-06-30T12:00:00Z.");
  }
  return date;
}

/** --minimum-version */
export function semanticVersion(text: string): string {
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(text)) {
    throw new InvalidArgumentError("It has to be a version such as 1.2.0.");
  }
  return text;
}
