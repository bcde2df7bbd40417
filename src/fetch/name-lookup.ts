import { lookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";

/**
 * A look-up of host names that asks once for each name: many connections at once to one mirror would
 * otherwise ask as often, and some resolvers drop such bursts and cost seconds.
 */
export function lookupOnce(): LookupFunction {
  const known = new Map<string, Promise<LookupAddress[]>>();
  const ask = (name: string): Promise<LookupAddress[]> =>
    new Promise((found, fail) => {
      lookup(name, { all: true }, (error, addresses) => {
        if (error === null) {
          found(addresses);
          return;
        }
        known.delete(name);
        fail(error);
      });
    });
  return (name, options, callback) => {
    const asked = known.get(name) ?? ask(name);
    known.set(name, asked);
    asked.then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true) callback(null, addresses);
        else callback(null, first?.address ?? "", first?.family);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)), []);
      },
    );
  };
}
