import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { Run } from "../../process/programs/run.ts";

/**
 * What can store an SBOM and provenance with an image here. `builder`: one that pushes by itself (the drivers docker-container, kubernetes,
 * remote and cloud). `engine`: Docker's own, with containerd's image store.
 */
export type Attester = "builder" | "engine";

/** Why nothing can, and the command or page that would change it. */
export interface NoAttester {
  readonly why: string;
  readonly next: string;
}

/**
 * Asks for the builder that `docker buildx build` would use. Changes nothing: starts no builder that is stopped.
 * Sources: https://docs.docker.com/build/builders/drivers/ and https://docs.docker.com/engine/storage/containerd/.
 */
export async function findAttester(run: Run, signal: AbortSignal): Promise<Attester | NoAttester> {
  const ask = async (...args: readonly string[]): Promise<string | undefined> => {
    const answer = await run({ file: "docker", args, writes: false, signal });
    signal.throwIfAborted();
    return answer.exitCode === 0 ? answer.stdout : undefined;
  };
  if ((await ask("buildx", "version")) === undefined) {
    return { why: "Docker's buildx is not installed", next: "https://docs.docker.com/go/buildx/" };
  }
  const builder = (await ask("buildx", "inspect")) ?? "";
  const driver = /^Driver:\s*(\S+)/m.exec(builder)?.[1];
  if (driver === undefined) {
    return { why: "buildx has no usable builder", next: "docker buildx inspect" };
  }
  if (driver !== "docker") return "builder";
  const store = (await ask("info", "--format", "{{json .DriverStatus}}")) ?? "";
  return store.includes("io.containerd.snapshotter")
    ? "engine"
    : {
        why: "the builder is the Docker engine with its old image store, which cannot store attestations",
        next: "docker buildx create --use --driver docker-container",
      };
}

/** Throws CommandError (64) when nothing can attest here. `where`: the key's place in infer-deploy.yml. */
export async function requireAttester(run: Run, where: string, signal: AbortSignal): Promise<void> {
  const found = await findAttester(run, signal);
  if (typeof found !== "string") throw cannotAttest(found, where);
}

export function cannotAttest({ why, next }: NoAttester, where = "image.attest"): CommandError {
  return new CommandError(
    "The image cannot have an SBOM and provenance, and image.attest is required.",
    {
      exitCode: exitCodes.usage,
      where,
      why,
      next,
    },
  );
}
