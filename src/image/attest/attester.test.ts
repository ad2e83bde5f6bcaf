import { expect, test } from "vitest";
import type { Run } from "../../process/programs/run.ts";
import { findAttester, requireAttester } from "./attester.ts";

const never = new AbortController().signal;

/** A docker that answers these subcommands, by their first words, and none besides. */
function docker(answers: Readonly<Record<string, string>>): Run {
  return async ({ args }) => {
    const stdout = answers[args.slice(0, 2).join(" ")] ?? answers[args[0] ?? ""];
    return { exitCode: stdout === undefined ? 1 : 0, stdout: stdout ?? "", stderr: "" };
  };
}

const buildx = { "buildx version": "github.com/docker/buildx v0.38.2" };
const inspected = (driver: string) =>
  `Name:   default\nDriver: ${driver}\n\nNodes:\nName: default0\n`;
const own = { ...buildx, "buildx inspect": inspected("docker") };

test.each(["docker-container", "kubernetes", "remote", "cloud"])(
  "a builder of %s",
  async (driver) => {
    const run = docker({ ...buildx, "buildx inspect": inspected(driver) });
    expect(await findAttester(run, never)).toBe("builder");
  },
);

test("Docker's own builder attests with containerd's image store only", async () => {
  const newer = '[["driver-type","io.containerd.snapshotter.v1"]]';
  expect(await findAttester(docker({ ...own, info: newer }), never)).toBe("engine");
  expect(
    await findAttester(docker({ ...own, info: '[["Backing Filesystem","extfs"]]' }), never),
  ).toMatchObject({
    why: expect.stringContaining("old image store"),
    next: "docker buildx create --use --driver docker-container",
  });
});

test.each([
  ["no buildx", {}, "buildx is not installed"],
  ["no builder", buildx, "no usable builder"],
])("%s", async (_, answers, why) => {
  expect(await findAttester(docker(answers), never)).toMatchObject({
    why: expect.stringContaining(why),
  });
});

test("image.attest: required names the key's line, the reason and what helps", async () => {
  await expect(requireAttester(docker({}), "infer-deploy.yml:7", never)).rejects.toMatchObject({
    exitCode: 64,
    where: "infer-deploy.yml:7",
    why: "Docker's buildx is not installed",
    next: "https://docs.docker.com/go/buildx/",
  });
  const run = docker({ ...buildx, "buildx inspect": inspected("remote") });
  await expect(requireAttester(run, "", never)).resolves.toBeUndefined();
});
