/** Starts nvlab. `home` is the folder of nvlab itself, where the shipped recipes lie. */
export async function main(home: string): Promise<void> {
  const { runProgram } = await import("./cli/program.ts");
  process.exitCode = await runProgram(home, process.argv.slice(2), process.env);
}
