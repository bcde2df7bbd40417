import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface DroppingMirror {
  readonly base: string;
  /** Whatever matches is answered with 404. */
  readonly dropped: RegExp[];
  readonly close: () => Promise<void>;
}

/** A mirror whose indexes are the real, signed ones of another, and whose pool can lose files. */
export async function startDroppingMirror(upstream: string): Promise<DroppingMirror> {
  const dropped: RegExp[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    if (dropped.some((pattern) => pattern.test(url))) {
      response.writeHead(404);
      response.end();
      return;
    }
    response.writeHead(302, { location: `${upstream}${url.replace(/^\/debian/, "")}` });
    response.end();
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}/debian`,
    dropped,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => {
          closed();
        });
      }),
  };
}
