import { expect, test } from "vitest";
import { debianMirrors, mirrorsOfApt, poolPlaces, snapshotTime } from "../../../src/fetch/debian-mirrors.ts";

const aptTargets = (): Promise<string> =>
  Promise.resolve(
    [
      "https://mirror.example/debian/|trixie|main",
      "https://mirror.example/debian|trixie-updates|main",
      "https://mirror.example/debian-security|trixie-security|main",
      "https://other.example/apt|bookworm-pgdg|main",
      "https://docker.example/linux/debian|trixie|stable",
    ].join("\n"),
  );
const never = (): Promise<string> => Promise.reject(new Error("apt was asked"));

test("the option comes before the environment, the project and apt, and apt is not asked then", async () => {
  const project = { debian: ["https://project.example/debian"] };
  const environment = { NVLAB_DEBIAN_MIRROR: "https://env.example/debian /srv/mirror/" };
  expect(
    await debianMirrors({
      option: "https://option.example/debian/",
      environment,
      project,
      aptTargets: never,
    }),
  ).toEqual({ ok: true, value: { bases: ["https://option.example/debian"] } });
  expect(await debianMirrors({ environment, project, aptTargets: never })).toEqual({
    ok: true,
    value: { bases: ["https://env.example/debian", "/srv/mirror"] },
  });
  expect(await debianMirrors({ environment: {}, project, aptTargets: never })).toMatchObject({
    value: { bases: ["https://project.example/debian"] },
  });
});

test("of apt's sites only Debian's own main archive counts", async () => {
  expect(await debianMirrors({ environment: {}, aptTargets })).toEqual({
    ok: true,
    value: { bases: ["https://mirror.example/debian"] },
  });
});

test("the archive of another distribution is no Debian mirror", async () => {
  const ubuntu = (): Promise<string> => Promise.resolve("http://archive.example/ubuntu|noble|main\n");
  const result = await debianMirrors({ environment: {}, aptTargets: ubuntu });
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_MIRROR_UNKNOWN" }] });
  expect(mirrorsOfApt("")).toEqual([]);
});

test("a mirror that is no address is a failure without its password", async () => {
  const result = await debianMirrors({
    option: "ftp://user:secret@old.example/debian",
    environment: {},
    aptTargets,
  });
  expect(result).toMatchObject({ ok: false, failures: [{ code: "NVLAB_MIRROR_UNKNOWN" }] });
  expect(JSON.stringify(result)).not.toContain("secret");
});

test("a snapshot archive is the last place, at the time of the lock", () => {
  const mirrors = { bases: ["https://a.example/debian", "/srv/debian"], snapshot: "https://snap.example" };
  const file = { pool: "pool/main/h/hello/hello_1_amd64.deb", suite: "trixie", archiveTime: 1_747_699_200 };
  expect(poolPlaces(mirrors, file)).toEqual([
    `https://a.example/debian/${file.pool}`,
    `/srv/debian/${file.pool}`,
    `https://snap.example/archive/debian/20250520T000000Z/${file.pool}`,
  ]);
  expect(snapshotTime(0)).toBe("19700101T000000Z");
});

test("security updates lie in the sibling archive", () => {
  const mirrors = { bases: ["https://a.example/debian"], snapshot: "https://snap.example" };
  expect(poolPlaces(mirrors, { pool: "pool/x", suite: "trixie-security", archiveTime: 0 })).toEqual([
    "https://a.example/debian-security/pool/x",
    "https://snap.example/archive/debian-security/19700101T000000Z/pool/x",
  ]);
});
