import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { watchInterrupts, type Interrupts } from "../../../src/cli/interrupts.ts";

function watched(): { interrupts: Interrupts; send: (signal: string) => void; exits: number[] } {
  const emitter = new EventEmitter();
  const exits: number[] = [];
  const interrupts = watchInterrupts({
    on: (signal, listener) => emitter.on(signal, listener),
    exit: (code) => exits.push(code),
  });
  return { interrupts, send: (signal) => void emitter.emit(signal), exits };
}

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
])("%s asks the work to end and makes the exit code %i", (signal, code) => {
  const { interrupts, send, exits } = watched();
  expect(interrupts.exitCode()).toBeUndefined();
  send(signal);
  expect(interrupts.signal.aborted).toBe(true);
  expect(interrupts.exitCode()).toBe(code);
  expect(exits).toEqual([]);
});

test("a second signal ends the process at once", () => {
  const { send, exits } = watched();
  send("SIGINT");
  send("SIGINT");
  expect(exits).toEqual([130]);
});

test("Ctrl-C is left to the program that has the terminal, SIGTERM is not", async () => {
  const { interrupts, send } = watched();
  await interrupts.yieldTerminal(() => {
    send("SIGINT");
    return Promise.resolve();
  });
  expect(interrupts.signal.aborted).toBe(false);
  await interrupts.yieldTerminal(() => {
    send("SIGTERM");
    return Promise.resolve();
  });
  expect(interrupts.exitCode()).toBe(143);
});

test("Ctrl-C counts again after the program in the foreground ended, also badly", async () => {
  const { interrupts, send } = watched();
  await interrupts.yieldTerminal(() => Promise.reject(new Error("ended"))).catch(() => undefined);
  send("SIGINT");
  expect(interrupts.exitCode()).toBe(130);
});
