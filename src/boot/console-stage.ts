/** How far a machine has come, in order. */
export const stages = ["power-on", "firmware", "bootloader", "kernel", "init", "tests", "done"] as const;
export type Stage = (typeof stages)[number];

/** For sentences: "it stuck in …". */
export const stageNames: Readonly<Record<Stage, string>> = {
  "power-on": "before any output",
  firmware: "in OpenSBI",
  bootloader: "in U-Boot",
  kernel: "in the kernel",
  init: "in /init",
  tests: "in the self-tests",
  done: "after the self-tests",
};

const banners: readonly (readonly [Stage, RegExp])[] = [
  ["firmware", /^OpenSBI v\d/],
  ["bootloader", /^U-Boot (?:SPL )?\d{4}\.\d\d/],
  ["kernel", /^Starting kernel \.\.\.|Linux version \d/],
  ["init", /Run \S+ as init process|^nvlab: init/],
  ["tests", /^nvlab: tests begin|^\s*K?TAP version \d/],
  ["done", /^nvlab: tests end/],
];

/** The stage whose banner a line is, if it is one. */
export function stageOf(line: string): Stage | undefined {
  return banners.find(([, banner]) => banner.test(line))?.[0];
}

/** The kernel's messages begin behind a time stamp, which may follow a line that a program has not ended. */
const kernelSays = [
  "Kernel panic - not syncing",
  String.raw`Oops(?: - [^\[]*)? \[#\d+\]`,
  "Unable to handle kernel ",
  "Internal error: ",
  "BUG: ",
  "kernel BUG at ",
  "watchdog: BUG: soft lockup",
];

const crashes: readonly RegExp[] = [
  new RegExp(String.raw`(?:^|\[\s*\d+\.\d+\](?:\[[^\]]*\])? )(?:${kernelSays.join("|")})`),
  /^sbi_trap_error:/,
  /^Unhandled exception: /,
  /^### ERROR ### /,
  /^nvlab: nothing was booted/,
];

/** A self-test's own words, which may be those of a kernel's log that it has read. */
const diagnostic = /^\s*# /;

/** True for a line that says that this machine will not get any further. */
export function isCrash(line: string): boolean {
  return !diagnostic.test(line) && crashes.some((crash) => crash.test(line));
}

/** U-Boot waits for a person: text behind the last line's end. */
export function isPrompt(unended: string): boolean {
  return /^=> ?$/.test(unended);
}
