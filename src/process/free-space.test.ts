import { expect, test } from "vitest";
import { freeBytes, refuseFullDisk } from "./free-space.ts";

/** Disks by the folder at which each is mounted; other folders are not there. */
const disks = (free: Readonly<Record<string, number>>) => async (folder: string) => {
  const bavail = free[folder];
  if (bavail === undefined) throw Object.assign(new Error("no"), { code: "ENOENT" });
  return { bavail, blocks: 1000, bsize: 2 ** 20 };
};

test("the disk of a folder that is not there yet is that of the nearest folder above it", async () => {
  const measure = disks({ "/": 5, "/home": 9 });
  expect(await freeBytes("/home/ada/.local/state", measure)).toBe(9 * 2 ** 20);
  expect(await freeBytes("/var/state", measure)).toBe(5 * 2 ** 20);
});

test("less than a gibibyte is refused with what is free, and what helps", async () => {
  await refuseFullDisk("/state", disks({ "/state": 1024 }));
  await expect(refuseFullDisk("/state", disks({ "/state": 1023 }))).rejects.toMatchObject({
    exitCode: 64,
    message: "The disk of /state has 1023 MiB free, and Terraform needs 1024.",
    next: expect.stringMatching(/^df -h .*XDG_STATE_HOME/),
  });
});

test("a disk that cannot be measured is no hindrance", async () => {
  const uncounted = async () => ({ bavail: 0, blocks: 0, bsize: 4096 });
  expect(await freeBytes("/net", uncounted)).toBeUndefined();
  await refuseFullDisk("/net", uncounted);
  await refuseFullDisk("/net", async () => Promise.reject(new Error("not implemented")));
});
