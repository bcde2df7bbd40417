import type { Emit } from "../report/event.ts";
import type { Store } from "../store/store.ts";

/** A store that tells a person when it set an altered entry aside: whoever looks next finds none. */
export function warningStore(store: Store, emit: Emit): Store {
  return {
    ...store,
    lookup: (fingerprint) => {
      const found = store.lookup(fingerprint);
      if (found.state === "altered") {
        emit({
          type: "notice",
          level: "warning",
          message: `a stored output was altered and is made anew: ${found.what.join(", ")} (moved to ${found.movedTo})`,
          hint: "`nvlab gc --verify` checks the whole store",
        });
      }
      return found;
    },
  };
}
