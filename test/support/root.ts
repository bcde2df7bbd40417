export function testRoot(): Promise<string> {
  return Promise.resolve(process.env["NVLAB_TEST_ROOT"] ?? "");
}
