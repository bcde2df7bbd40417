import { z } from "zod";
import { failed, ok, type Result } from "../failure/result.ts";
import { askController, type AskOptions, type ControlSocket, strange } from "./ask-controller.ts";

const Count = z.int().min(0);

/** A word of a model's: it goes to a terminal. */
const Word = z.string().regex(/^[\w .:+?-]{0,64}$/);

/** Up to 64 bits, of which JSON keeps 53. */
const Wide = z.number().min(0);

const Link = z.object({
  link: Count,
  peer: Word.describe("gpu0, host0 …"),
  state: Word,
  error: Word,
  attempts: Count.describe("trainings since power-on"),
  lanes: Count,
  speed_mbps: Count.describe("0 where it carries no data"),
  max_speed_mbps: Count,
  limit_mbps: Count.describe("0: none"),
  tx_bytes: Wide,
  rx_bytes: Wide,
  replay_errors: Count,
  recovery_errors: Count,
  crc_flit_errors: Count,
  crc_data_errors: Count,
  ecc_errors: Count,
  down: z.boolean().describe("its partner was taken away by the lab"),
  failures: Count.describe("trainings that the lab lets fail"),
});

const Gpu = z.object({
  gpu: Count,
  memory_bytes: Wide,
  links: z.array(Count),
  adjacent: z.record(Word, Count).describe("direct links to other GPUs"),
});

const Channel = z.object({
  channel: Count,
  enabled: z.boolean(),
  busy: z.boolean(),
  halted: z.boolean(),
  error: Word,
  transfers: Wide,
  failures: Wide,
});

/** What a model says of the controller that it plays. */
export const ControllerStatus = z.object({
  serial: Wide,
  contract: Word,
  generation: Count.describe("resets since power-on"),
  removed: z.boolean(),
  fatal: z.boolean(),
  error: Word,
  peer: z.boolean().describe("another machine is behind its host links"),
  interrupts: Word,
  interrupts_sent: Wide,
  links: z.array(Link).max(16),
  gpus: z.array(Gpu).max(16),
  channels: z.array(Channel).max(16),
  dma: z.object({
    stuck: Wide.describe("transfers that the lab lets make no progress"),
    hang: z.boolean(),
    in_flight: Wide,
    read_bytes: Wide,
    written_bytes: Wide,
    refused: Wide.describe("accesses that the IOMMU refused"),
  }),
});
export type ControllerStatus = z.output<typeof ControllerStatus>;

/** A controller's name beside its status. */
export interface NamedStatus extends ControllerStatus {
  readonly name: string;
}

/** Asks a controller how it is. Fails as every question does. */
export async function askStatus(
  socket: ControlSocket,
  options: AskOptions = {},
): Promise<Result<NamedStatus>> {
  const answer = await askController(socket, "status", options);
  if (!answer.ok) return answer;
  const status = ControllerStatus.safeParse(answer.value);
  if (status.success) return ok({ ...status.data, name: socket.name });
  const [issue] = status.error.issues;
  const what = issue === undefined ? "" : `${issue.path.join(".")}: ${issue.message}`;
  return failed(strange(socket, what));
}
