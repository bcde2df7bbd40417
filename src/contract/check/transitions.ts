import type { Contract } from "../schema.ts";
import { repeated, type ContractFault } from "./fault.ts";

/** Transitions of links that lead nowhere, and states that no link can get to. */
export function checkTransitions({ transitions, enumerations }: Contract): ContractFault[] {
  const states = (enumerations.state?.values ?? []).map(({ name }) => name);
  const commands = (enumerations.command?.values ?? []).map(({ name }) => name);
  const faults = transitions.flatMap(({ from, to, by }, index): ContractFault[] => {
    const command = /^command ([A-Z]+)/.exec(by)?.[1];
    return [
      ...[from, to]
        .filter((state) => state !== "any" && !states.includes(state))
        .map((state) => ({ path: ["transitions", index], message: `there is no link state ${state}` })),
      ...(command !== undefined && !commands.includes(command)
        ? [{ path: ["transitions", index, "by"], message: `there is no command ${command}` }]
        : []),
    ];
  });
  const twice = repeated(
    transitions,
    ({ from, to }) => `${from} to ${to}`,
    ({ from, to }, index) => ({
      path: ["transitions", index],
      message: `the transition from ${from} to ${to} is described twice`,
    }),
  );
  const reached = reachable(transitions, "OFF");
  const lost = (enumerations.state?.values ?? []).flatMap(({ name }, index) =>
    reached.has(name)
      ? []
      : [
          {
            path: ["enumerations", "state", "values", index],
            message: `no transition leads from OFF to ${name}`,
          },
        ],
  );
  return [...faults, ...twice, ...lost];
}

function reachable(transitions: Contract["transitions"], start: string): Set<string> {
  const reached = new Set([start]);
  for (let size = 0; size !== reached.size;) {
    size = reached.size;
    for (const { from, to } of transitions) if (from === "any" || reached.has(from)) reached.add(to);
  }
  return reached;
}
