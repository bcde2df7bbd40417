import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Served {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

export interface FileServer {
  /** http://127.0.0.1:port */
  readonly base: string;
  readonly requests: Served[];
  /** Answers of a path, one a request; the last one stays. */
  readonly on: (path: string, ...answers: readonly Answer[]) => void;
  readonly close: () => Promise<void>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A whole file, with ranges. */
export function whole(content: Buffer): Answer {
  return (request, response) => {
    const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
    const start = Number(from ?? 0);
    const part = content.subarray(start);
    const range = { "content-range": `bytes ${start}-${content.length - 1}/${content.length}` };
    response.writeHead(from === undefined ? 200 : 206, {
      "content-length": part.length,
      ...(from === undefined ? {} : range),
    });
    response.end(request.method === "HEAD" ? undefined : part);
  };
}

/** A whole file whose server knows no ranges. */
export function withoutRanges(content: Buffer): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.end(content);
  };
}

/** Announces all and closes after some bytes. */
export function truncated(content: Buffer, after: number): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, after), () => setTimeout(() => response.destroy(), 20));
  };
}

/** Announces all and sends nothing more after some bytes. */
export function stalling(content: Buffer, after: number): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, after));
  };
}

export function status(code: number): Answer {
  return (_, response) => {
    response.writeHead(code);
    response.end();
  };
}

/** Sends more and more, with no length announced. */
export function endless(): Answer {
  return (_, response) => {
    response.writeHead(200);
    const more = setInterval(() => response.write(Buffer.alloc(65536)), 1);
    response.on("close", () => {
      clearInterval(more);
    });
  };
}

export async function startFileServer(): Promise<FileServer> {
  const answers = new Map<string, Answer[]>();
  const requests: Served[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    requests.push({ method: request.method ?? "", url, headers: request.headers });
    const queue = answers.get(url) ?? [status(404)];
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    answer?.(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}`,
    requests,
    on: (path, ...list) => answers.set(path, [...list]),
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => {
          closed();
        });
      }),
  };
}
