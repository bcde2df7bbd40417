import { type Finding, findings } from "../../../src/scan/finding.ts";
import type { Inventory } from "../../../src/scan/inventory.ts";
import { indexComponents, matchAdvisory } from "../../../src/scan/match.ts";
import { recognise } from "../../../src/scan/recognise.ts";
import { judgeByVex, parseVex } from "../../../src/scan/vex.ts";

/** What a scan of the inventory finds in a database. */
export function find(database: unknown, inventory: Inventory, vexDocument?: object): Finding[] {
  const index = indexComponents(inventory);
  const matches = [...recognise(database, "db.json", () => true)].flatMap((record) => {
    if (record.kind === "unreadable") throw new Error(`${record.record}: ${record.reason}`);
    return record.kind === "advisory" ? matchAdvisory(record.advisory, index) : [];
  });
  const vex = vexDocument === undefined ? undefined : parseVex(JSON.stringify(vexDocument), "vex.json");
  if (vex?.ok === false) throw new Error(JSON.stringify(vex.failures));
  return findings(matches, (ids, component) =>
    vex === undefined ? undefined : judgeByVex(vex.value, inventory, ids, component),
  );
}

/** The same, short: "CVE-2026-0001 linux affected". */
export function told(database: unknown, inventory: Inventory, vexDocument?: object): string[] {
  return find(database, inventory, vexDocument).map(
    ({ id, component, state }) => `${id} ${component.ref} ${state}`,
  );
}
