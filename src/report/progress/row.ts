export type RowState = "running" | "done" | "failed" | "warning";

/** A line of the live view. */
export interface ProgressRow {
  readonly key: string;
  readonly text: string;
  readonly state: RowState;
}

/** A row at a moment, in milliseconds since the command began. */
export type Row = (now: number) => Omit<ProgressRow, "key">;
