import { access, readFile } from "node:fs/promises";

/** Where GNU time leaves its figures in the sandbox. */
export const usageMount = "/run/nvlab-usage";

/** Puts GNU time, if the root has it, before a command. */
export function withUsage(command: readonly string[]): string[] {
  return ["/usr/bin/time", "-q", "-f", "%U %S %M", "-o", usageMount, ...command];
}

/** Whether the root can measure what a command uses. */
export async function canMeasure(root: string): Promise<boolean> {
  return access(`${root}/usr/bin/time`).then(
    () => true,
    () => false,
  );
}

export interface ResourceUsage {
  readonly cpuMs: number;
  readonly peakBytes: number;
}

/** Reads what `withUsage` wrote; zeros where a kill left nothing. */
export async function readUsage(file: string): Promise<ResourceUsage> {
  const text = await readFile(file, "utf8").catch(() => "");
  const [user, system, kibibytes] = (text.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  const figure = (value: number | undefined): number => (Number.isFinite(value) ? Number(value) : 0);
  return {
    cpuMs: Math.round((figure(user) + figure(system)) * 1000),
    peakBytes: figure(kibibytes) * 1024,
  };
}
