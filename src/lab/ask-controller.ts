import type { Socket } from "node:net";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import type { Failure } from "../failure/failure.ts";
import { failed, ok, type Result } from "../failure/result.ts";
import { connectTo } from "./control-socket.ts";
import { parseJson } from "./parse-json.ts";

/** A controller's control socket, and the name under which people know it. */
export interface ControlSocket {
  readonly name: string;
  /** Host path. */
  readonly path: string;
}

export interface AskOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Characters of an answer at most: a status of sixteen links has some thousand. */
const longestAnswer = 1 << 20;

const Answer = z.union([
  z.looseObject({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), error: z.string().max(4096) }),
]);

/** What a model answers beside "ok". */
export type Answered = Readonly<Record<string, unknown>>;

/**
 * Asks the model behind a controller and gives its answer, of which nothing but the form is checked. Fails with
 * NVLAB_LAB where it refuses, is not there, or answers with something that cannot be; with NVLAB_INTERRUPTED.
 */
export async function askController(
  socket: ControlSocket,
  request: string,
  options: AskOptions = {},
): Promise<Result<Answered>> {
  const line = await exchange(socket, request, options);
  if (!line.ok) return line;
  const answer = Answer.safeParse(parseJson(line.value));
  if (!answer.success) return failed(strange(socket, line.value));
  if (!answer.data.ok) {
    const { error } = answer.data as { error: string };
    return failed({
      code: "NVLAB_LAB",
      message: `${socket.name} refused '${request}': ${printable(error)}`,
      hint: "`nvlab lab status` shows the links and GPUs that it has, and how they are",
    });
  }
  return ok(Object.fromEntries(Object.entries(answer.data).filter(([key]) => key !== "ok")));
}

/** The failure for an answer that does not have the form that it should have. */
export function strange({ name }: ControlSocket, answer: string): Failure {
  return {
    code: "NVLAB_LAB",
    message: `${name} gave an answer that cannot be`,
    hint: "its model is of another version than this nvlab, or is broken: build the target and boot again",
    details: [printable(answer).slice(0, 200)],
  };
}

async function exchange(
  { name, path }: ControlSocket,
  request: string,
  { signal, timeoutMs = 10_000 }: AskOptions,
): Promise<Result<string>> {
  let socket: Socket;
  try {
    socket = await connectTo(path);
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    return failed({
      code: "NVLAB_LAB",
      message: `${name} has no model that answers (${String(error.code)})`,
      hint: "it has died or was told to quit; boot the machine again",
    });
  }
  return new Promise((resolve) => {
    let text = "";
    const end = (result: Result<string>): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      socket.destroy();
      resolve(result);
    };
    const fail = (message: string): void =>
      end(
        failed({
          code: "NVLAB_LAB",
          message: `${name} ${message}`,
          hint: "its model says more in its log, in logs/ beside the images; boot the machine again",
        }),
      );
    const onAbort = (): void =>
      end(failed({ code: "NVLAB_INTERRUPTED", message: `${name} was not waited for` }));
    const timer = setTimeout(() => fail(`did not answer within ${timeoutMs / 1000} s`), timeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      const at = chunk.indexOf("\n");
      text += at < 0 ? chunk : chunk.slice(0, at);
      if (at >= 0) end(ok(text));
      else if (text.length > longestAnswer) fail("answers without end");
    });
    socket.on("error", (error) => fail(`broke off: ${error.message}`));
    // Told to quit, a model may be gone before it has answered.
    socket.on("close", () => (request === "quit" ? end(ok('{"ok":true}')) : fail("broke off")));
    socket.write(`${request}\n`);
    if (signal?.aborted === true) onAbort();
  });
}

/** Text from a model, without anything that a terminal would obey. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}/gu, "");
}
