import { type Downloads, trackDownloads } from "../downloads.ts";
import type { BuildEvent } from "../event.ts";
import type { DownloadEvent, NodeEvent, RootEvent } from "../event-kinds.ts";
import { type ComponentProgress, trackComponent } from "./component-row.ts";
import { downloadRow } from "./download-row.ts";
import { type RootProgress, trackRoot } from "./root-row.ts";
import type { ProgressRow, Row } from "./row.ts";

/** What a person watching wants to see, kept from events and asked for at any moment. Knows no terminal. */
export interface Progress {
  readonly see: (event: BuildEvent) => void;
  /** Rows in the order in which they first appeared; `now` in milliseconds since the command began. */
  readonly rows: (now: number) => ProgressRow[];
}

export function trackProgress(): Progress {
  const rows = new Map<string, Row>();
  const planned = new Map<string, Set<string>>();
  const components = new Map<string, ComponentProgress>();
  const componentOfNode = new Map<string, string>();
  const roots = new Map<string, RootProgress>();
  let downloads: Downloads | undefined;

  const seeDownload = (event: DownloadEvent): void => {
    if (downloads === undefined || (downloads.active === 0 && event.type === "download-started")) {
      downloads = trackDownloads(event.at);
      rows.set(`downloads ${String(rows.size)}`, downloadRow(downloads));
    }
    downloads.see(event);
  };

  const seeRoot = (event: RootEvent): void => {
    const root = roots.get(event.root) ?? trackRoot(event.root, event.at);
    roots.set(event.root, root);
    rows.set(`root ${event.root}`, root.row);
    root.see(event);
  };

  const seeNode = (event: NodeEvent): void => {
    if (event.type !== "node-output") componentOfNode.set(event.node, event.component);
    const name = componentOfNode.get(event.node) ?? event.node;
    const known = components.get(name);
    if (known === undefined && event.type === "node-finished" && event.outcome !== "failed") {
      // What comes from the store, or is left out, is for the table at the end: no row of its own.
      planned.get(name)?.delete(event.node);
      return;
    }
    const startedAt = event.type === "node-finished" ? event.at - event.wall : event.at;
    const component = known ?? trackComponent(name, startedAt, planned.get(name) ?? new Set());
    components.set(name, component);
    rows.set(`component ${name}`, component.row);
    component.see(event);
  };

  const see = (event: BuildEvent): void => {
    switch (event.type) {
      case "plan":
        for (const node of event.nodes) {
          const open = planned.get(node.component) ?? new Set();
          planned.set(node.component, open.add(node.id));
        }
        return;
      case "notice": {
        const text = event.hint === undefined ? event.message : `${event.message} (${event.hint})`;
        const state = event.level === "warning" ? "warning" : "done";
        rows.set(`notice ${String(rows.size)}`, () => ({ text, state }));
        return;
      }
      case "download-retried": {
        const text = `${event.file}: trying again, ${event.place}: ${event.reason}`;
        rows.set(`retry ${String(rows.size)}`, () => ({ text, state: "warning" }));
        return;
      }
      case "download-started":
      case "download-progress":
      case "download-finished":
        seeDownload(event);
        return;
      case "root-started":
      case "root-progress":
      case "root-finished":
        seeRoot(event);
        return;
      case "node-started":
      case "node-output":
      case "node-finished":
        seeNode(event);
    }
  };

  return { see, rows: (now) => [...rows].map(([key, row]) => ({ key, ...row(now) })) };
}
