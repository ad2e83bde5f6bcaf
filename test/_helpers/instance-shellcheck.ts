import { join } from "node:path";
import type { RunResult } from "../../src/process/programs/run.ts";
import { repository } from "./cli.ts";
import { baseImages, docker, run } from "./instance-containers.ts";

/** Runs shellcheck on files of the repository: this machine's, or else Debian's in an image. */
export async function runShellcheck(scripts: readonly string[]): Promise<RunResult> {
  return run({ file: "shellcheck", args: scripts, cwd: repository, writes: false }).catch(() =>
    inImage(scripts),
  );
}

async function inImage(scripts: readonly string[]): Promise<RunResult> {
  const folder = join(repository, "test/_helpers/instance-app");
  const base = ["--build-arg", `DEBIAN_IMAGE=${(await baseImages()).debian}`];
  await docker(
    "build",
    "--tag",
    "infer-deploy-test-shellcheck",
    ...base,
    "--file",
    join(folder, "shellcheck.Dockerfile"),
    folder,
  );
  const volume = ["--volume", `${repository}:/repository:ro`, "--workdir", "/repository"];
  const args = [
    "run",
    "--rm",
    "--network",
    "none",
    ...volume,
    "infer-deploy-test-shellcheck",
    ...scripts,
  ];
  return run({ file: "docker", args, writes: false });
}
