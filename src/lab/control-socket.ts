import { closeSync, openSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { basename, dirname } from "node:path";

/**
 * Connects to a Unix socket, whatever the length of its path: the address of a socket holds 107 bytes, so the name
 * is looked up in its open folder. Rejects with the system's error.
 */
export function connectTo(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const folder = openSync(dirname(path), "r");
    const socket = connect(`/proc/self/fd/${folder}/${basename(path)}`);
    const settled = (): void => closeSync(folder);
    socket.once("connect", () => {
      settled();
      socket.removeAllListeners("error");
      resolve(socket);
    });
    socket.once("error", (error) => {
      settled();
      reject(error);
    });
  });
}
