import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "./cli.ts";

const run = promisify(execFile);

/** Builds AWS's own plugin; resolves to the folder that has it, in `folder`. */
export async function buildSessionPlugin(folder: string): Promise<string> {
  const bases = JSON.parse(await readFile(join(repository, ".cache", "bases.json"), "utf8")) as {
    readonly golang: string;
  };
  const image = "infer-deploy-test/session-plugin";
  const context = join(repository, "test", "session-plugin");
  const argument = ["--build-arg", `GO_IMAGE=${bases.golang}`];
  await run("docker", ["build", "--quiet", ...argument, "--tag", image, context]);
  const { stdout } = await run("docker", ["create", image]);
  const container = stdout.trim();
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  await run("docker", ["cp", `${container}:/session-manager-plugin`, bin]);
  await run("docker", ["rm", container]);
  return bin;
}
