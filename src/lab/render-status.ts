import { count, humanSize } from "../report/measure.ts";
import type { Paint } from "../report/palette.ts";
import { colourless } from "../report/palette.ts";
import { renderTable } from "../report/table.ts";
import type { ControllerStatus, NamedStatus } from "./status.ts";

type Link = ControllerStatus["links"][number];

/** Controllers for people: a headline, a row for each link, a line for each GPU. */
export function renderStatus(controllers: readonly NamedStatus[], paint: Paint = colourless): string {
  return controllers.map((controller) => renderController(controller, paint)).join("\n\n");
}

function renderController(controller: NamedStatus, paint: Paint): string {
  const table = renderTable(columns, controller.links.map(row), paint);
  const notes = [...controller.gpus.map(describeGpu), describeTraffic(controller), ...faultsOf(controller)];
  return [headline(controller, paint), ...[...table.split("\n"), ...notes].map((line) => `  ${line}`)].join(
    "\n",
  );
}

function describeGpu({ gpu, memory_bytes, links, adjacent }: ControllerStatus["gpus"][number]): string {
  const beside = Object.entries(adjacent).map(([other, direct]) => `${count(direct, "link")} to ${other}`);
  const reached = links.length === 0 ? "no link" : `by link ${links.join(", ")}`;
  return [`gpu${String(gpu)}: ${humanSize(memory_bytes)}`, reached, ...beside].join(", ");
}

function describeTraffic({ channels, dma, interrupts, interrupts_sent }: ControllerStatus): string {
  const transfers = channels.reduce((sum, channel) => sum + channel.transfers, 0);
  const failed = channels.reduce((sum, channel) => sum + channel.failures, 0);
  const sent = `${count(interrupts_sent, "interrupt")} by ${interrupts}`;
  return `DMA: ${count(transfers, "transfer")}, ${String(failed)} failed, ${String(dma.refused)} refused by the IOMMU; ${sent}`;
}

/** What the lab does to the controller at present. */
function faultsOf({ links, channels, dma }: ControllerStatus): string[] {
  return [
    ...links.filter(({ down }) => down).map(({ link }) => `link ${String(link)}: taken down by the lab`),
    ...links
      .filter(({ failures }) => failures > 0)
      .map(({ link, failures }) => `link ${String(link)}: ${trainings(failures)}`),
    ...(dma.stuck > 0 ? [`the lab lets the next ${count(dma.stuck, "transfer")} get stuck`] : []),
    ...(dma.hang ? ["the lab lets the next transfer hang"] : []),
    ...channels.filter(({ halted }) => halted).map(({ channel }) => `channel ${String(channel)} is halted`),
  ];
}

/** As the model has it: all ones where it never ends. */
function trainings(failures: number): string {
  if (failures >= 2 ** 32 - 1) return "every training fails";
  return failures === 1 ? "the next training fails" : `the next ${String(failures)} trainings fail`;
}

function headline({ name, serial, contract, generation, removed, fatal }: NamedStatus, paint: Paint): string {
  const state = removed
    ? paint("red", "removed")
    : fatal
      ? paint("red", "stopped by a fatal error")
      : "present";
  const resets = count(generation, "reset");
  return `${paint("bold", name)}  serial ${String(serial)}, contract ${contract}, ${state}, ${resets} since power-on`;
}

const columns = [
  ...[{ title: "link" }, { title: "peer" }, { title: "state" }, { title: "error" }],
  ...[
    "MB/s",
    "lanes",
    "sent",
    "received",
    "replay",
    "recovery",
    "crc_flit",
    "crc_data",
    "ecc",
    "trainings",
  ].map((title) => ({ title, align: "right" as const })),
];

function row(link: Link): string[] {
  const { replay_errors, recovery_errors, crc_flit_errors, crc_data_errors, ecc_errors, attempts } = link;
  return [
    ...[String(link.link), link.peer, link.state, link.error === "NONE" ? "" : link.error],
    ...[speed(link), String(link.lanes), humanSize(link.tx_bytes), humanSize(link.rx_bytes)],
    ...[replay_errors, recovery_errors, crc_flit_errors, crc_data_errors, ecc_errors, attempts].map(String),
  ];
}

/** The speed now, and what it could be where it is less. */
function speed({ speed_mbps, max_speed_mbps, limit_mbps }: Link): string {
  if (limit_mbps > 0) return `${String(speed_mbps)} (limit ${String(limit_mbps)})`;
  return speed_mbps === max_speed_mbps
    ? String(speed_mbps)
    : `${String(speed_mbps)} of ${String(max_speed_mbps)}`;
}
