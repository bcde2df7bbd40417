import type { Failure } from "../failure/failure.ts";

/** What came of asking one place once. */
export type Attempt =
  /** The partial file has as many bytes as are to be had. */
  | { readonly type: "received"; readonly resumed: boolean }
  /** The place is certain not to have the file. */
  | { readonly type: "absent"; readonly reason: string }
  /** The place answers, and will not give the file. */
  | { readonly type: "refused"; readonly reason: string }
  /** The place has other bytes under this name. */
  | { readonly type: "wrong"; readonly reason: string }
  /** Worth asking again. */
  | { readonly type: "interrupted"; readonly reason: string }
  /** Nothing more can be downloaded at all. */
  | { readonly type: "stop"; readonly failure: Failure };

/** A place's last word on a file. */
export type Refusal = Extract<Attempt, { reason: string }>;

export const interruptedFailure: Failure = {
  code: "NVLAB_INTERRUPTED",
  message: "the download was interrupted",
  hint: "run the command again: it goes on where it stopped",
};
