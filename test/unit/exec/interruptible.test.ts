import { EventEmitter } from "node:events";
import { expect, it, vi } from "vitest";
import { interruptible } from "../../../src/exec/interruptible.ts";

it("aborts at the first signal and remembers which it was", () => {
  const source = new EventEmitter();
  const killHard = vi.fn();
  const command = interruptible(source, killHard);
  expect(command.by).toBeUndefined();
  source.emit("SIGTERM");
  expect(command.signal.aborted).toBe(true);
  expect(command.by).toBe("SIGTERM");
  expect(killHard).not.toHaveBeenCalled();
});

it("ends the process hard at the second signal, with its own handlers out of the way", () => {
  const source = new EventEmitter();
  const killHard = vi.fn(() => expect(source.eventNames()).toEqual([]));
  interruptible(source, killHard);
  source.emit("SIGINT");
  source.emit("SIGINT");
  expect(killHard).toHaveBeenCalledExactlyOnceWith("SIGINT");
});

it("leaves no handler behind", () => {
  const source = new EventEmitter();
  const command = interruptible(source, () => undefined);
  command.dispose();
  expect(source.eventNames()).toEqual([]);
});
