import type { BuildEvent } from "./event.ts";

export type EventOf<Type extends BuildEvent["type"]> = Extract<BuildEvent, { type: Type }>;

export type DownloadEvent = EventOf<"download-started" | "download-progress" | "download-finished">;
export type RootEvent = EventOf<"root-started" | "root-progress" | "root-finished">;
export type NodeEvent = EventOf<"node-started" | "node-output" | "node-finished">;
