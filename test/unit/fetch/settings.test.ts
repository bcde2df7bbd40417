import { expect, test } from "vitest";
import { loginFor, parseAptConfig, parseLogins } from "../../../src/fetch/apt-settings.ts";
import { parseContentRange } from "../../../src/fetch/attempt-http.ts";
import { diskFailure } from "../../../src/fetch/disk-failure.ts";
import { parseIntegrity } from "../../../src/fetch/fetch-unlocked.ts";
import { parseTree } from "../../../src/fetch/git-tree.ts";
import { proxySettings } from "../../../src/fetch/network-settings.ts";
import { redact } from "../../../src/fetch/place.ts";

const noApt = { direct: [], logins: [] };

test("user names and passwords are taken out of every address of a text", () => {
  expect(redact("got http://u:p@a/x and https://token@b:8443/y?q=@z")).toBe(
    "got http://a/x and https://b:8443/y?q=@z",
  );
  expect(redact("mail to someone@example.org")).toBe("mail to someone@example.org");
});

test("apt's proxy, exceptions and authorities are read from its settings", () => {
  const dump = [
    'Acquire::http "";',
    'Acquire::http::Proxy "http://proxy:3128";',
    'Acquire::http::Proxy::inner.example "DIRECT";',
    'Acquire::https::CAInfo "/etc/ca.pem";',
  ].join("\n");
  expect(parseAptConfig(dump)).toEqual({
    direct: ["inner.example"],
    httpProxy: "http://proxy:3128",
    httpsProxy: "http://proxy:3128",
    caFile: "/etc/ca.pem",
  });
  expect(parseAptConfig('Acquire::http::Proxy "DIRECT";')).toEqual({ direct: [] });
});

test("the environment's proxy comes before apt's, and lower case before upper case", () => {
  const apt = { ...noApt, httpProxy: "http://apt:1", httpsProxy: "http://apt:1", direct: ["inner"] };
  expect(proxySettings({}, apt)).toEqual({
    httpProxy: "http://apt:1",
    httpsProxy: "http://apt:1",
    noProxy: "inner",
  });
  expect(
    proxySettings({ http_proxy: "http://low:1", HTTP_PROXY: "http://up:1", no_proxy: "a,b" }, noApt),
  ).toEqual({ httpProxy: "http://low:1", httpsProxy: "", noProxy: "a,b" });
});

test("apt's logins hold for their machine and path, and for https alone unless they say otherwise", () => {
  const logins = parseLogins(
    "# note\nmachine a.example/debian login me password pw\nmachine http://b.example login x\npassword y",
  );
  expect(loginFor(new URL("https://a.example/debian/pool/x"), logins)?.user).toBe("me");
  expect(loginFor(new URL("http://a.example/debian/pool/x"), logins)).toBeUndefined();
  expect(loginFor(new URL("https://a.example/debian-other/x"), logins)).toBeUndefined();
  expect(loginFor(new URL("https://a.example.evil/debian/x"), logins)).toBeUndefined();
  expect(loginFor(new URL("http://b.example/anything"), logins)?.password).toBe("y");
});

test("a full disk is told apart from other faults", () => {
  const fault = (code: string, syscall: string): Error => Object.assign(new Error(code), { code, syscall });
  expect(diskFailure(fault("ENOSPC", "write"), "/cache")?.code).toBe("NVLAB_DISK_FULL");
  expect(diskFailure(fault("EROFS", "open"), "/cache")?.code).toBe("NVLAB_STORE");
  expect(diskFailure(fault("EACCES", "connect"), "/cache")).toBeUndefined();
  expect(diskFailure(fault("ECONNRESET", "read"), "/cache")).toBeUndefined();
});

test("content ranges are read, and nonsense is none", () => {
  expect(parseContentRange("bytes 5-9/10")).toEqual({ start: 5, total: 10 });
  expect(parseContentRange("bytes 5-9/*")).toEqual({ start: 5, total: undefined });
  expect(parseContentRange("items 5-9/10")).toBeUndefined();
});

test("SRI digests become hexadecimal", () => {
  expect(parseIntegrity("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")).toEqual({
    sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  });
  expect(parseIntegrity("md5-xyz")).toBeUndefined();
  expect(parseIntegrity("sha256-short")).toBeUndefined();
});

test("git's tree listing is read with strange names", () => {
  expect(
    parseTree("100644 blob abc\ta b\tc\u0000160000 commit def\tsub\u0000").map(({ path }) => path),
  ).toEqual(["a b\tc", "sub"]);
});
