import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { Run } from "../../process/programs/run.ts";

/**
 * What builds a Dockerfile: BuildKit through buildx, BuildKit through the client's own `build`, or the engine's classic builder, which knows
 * neither `RUN --mount` nor a Dockerfile's own ignore file.
 */
export type Builder = "buildx" | "buildkit" | "classic";

/**
 * The best one that docker has here. Clients before 23.0 reach the BuildKit in the engine by themselves, and later ones only through buildx
 * (https://docs.docker.com/engine/release-notes/23.0/). Both are in Docker since 18.09 (https://docs.docker.com/build/buildkit/).
 */
export async function findBuilder(run: Run): Promise<Builder> {
  const buildx = await run({ file: "docker", args: ["buildx", "version"], writes: false });
  if (buildx.exitCode === 0) return "buildx";
  const args = ["version", "--format", "{{.Client.Version}} {{.Server.Version}}"];
  const { stdout } = await run({ file: "docker", args, writes: false });
  const [client = 0, server = 0] = stdout.trim().split(" ").map(Number.parseFloat);
  return client >= first && client < last && server >= first ? "buildkit" : "classic";
}

/** Throws CommandError (64) when only the classic builder is there. `where`: the place of image.secrets in infer-deploy.yml. */
export async function requireBuildKit(run: Run, where: string): Promise<void> {
  if ((await findBuilder(run)) !== "classic") return;
  throw new CommandError("image.secrets needs BuildKit, and Docker has only its classic builder.", {
    exitCode: exitCodes.usage,
    where,
    why: "Docker's buildx is not installed",
    next: "https://docs.docker.com/go/buildx/",
  });
}

const first = 18.09;
const last = 23;
