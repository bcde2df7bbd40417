export async function runProgram(home: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const { Command } = await import("commander");
  new Command("nvlab").version("0.1.0").parse([...args], { from: "user" });
  return home.length + Object.keys(environment).length > 0 ? 0 : 1;
}
