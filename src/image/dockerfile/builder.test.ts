import { expect, test } from "vitest";
import type { Run } from "../../process/programs/run.ts";
import { findBuilder, requireBuildKit } from "./builder.ts";

/** A docker whose client and engine have these versions. */
function docker(versions: string, hasBuildx = false): Run {
  return async ({ args }) => {
    const exitCode = args[0] === "buildx" && !hasBuildx ? 1 : 0;
    return { exitCode, stdout: args[0] === "version" ? `${versions}\n` : "", stderr: "" };
  };
}

test.each([
  ["28.2.2 20.10.24+dfsg1", true, "buildx"],
  ["28.2.2 20.10.24+dfsg1", false, "classic"],
  ["20.10.24+dfsg1 20.10.24+dfsg1", false, "buildkit"],
  ["18.09.9 18.09.9", false, "buildkit"],
  ["20.10.5 18.03.1", false, "classic"],
  ["23.0.1 23.0.1", false, "classic"],
  ["", false, "classic"],
])("client and engine %s, with buildx %s: %s", async (versions, hasBuildx, builder) => {
  expect(await findBuilder(docker(versions, hasBuildx))).toBe(builder);
});

test("secrets without BuildKit are refused with the line of the file", async () => {
  const where = "infer-deploy.yml:5:3";
  await expect(requireBuildKit(docker("28.2.2 28.2.2"), where)).rejects.toMatchObject({
    exitCode: 64,
    where,
    next: "https://docs.docker.com/go/buildx/",
  });
  await requireBuildKit(docker("20.10.1 20.10.1"), where);
});
