import type { Failure } from "../failure/failure.ts";

/** Ctrl-C while a machine or one of its models was at work. */
export const machineStopped: Failure = { code: "NVLAB_INTERRUPTED", message: "The machine was stopped" };
