import { join } from "node:path";
import type { ECRClient } from "@aws-sdk/client-ecr";
import { findImage, pushCredentials } from "../aws/ecr/registry.ts";
import { CommandError } from "../errors/command-error.ts";
import type { Run } from "../process/programs/run.ts";
import { withTempFolder } from "../process/temp-folder.ts";
import { buildAttested, forEcr } from "./attest/attested-build.ts";
import { loginArgv, pushArgv, tagArgv, untagArgv } from "./docker-argv.ts";
import { engineOf } from "./engine.ts";
import type { PushRequest } from "./push-request.ts";

type Push = (
  run: Run,
  ecr: Pick<ECRClient, "send">,
  request: PushRequest,
  signal: AbortSignal,
  progress: (detail: string) => void,
) => Promise<string>;

/** Pushes the image as it is in the engine; resolves to its manifest's digest. Throws CommandError with the last lines of a push that fails. */
export const pushFromEngine: Push = async (run, ecr, request, signal, progress) =>
  push(run, ecr, request, signal, progress, async (docker, reference) =>
    docker(tagArgv(request.image.id, reference), "tag"),
  );

/**
 * The same for an engine whose image store keeps attestations: the image is built once more, with its SBOM and provenance, under the registry's name.
 * Resolves to the digest of the image index.
 */
export const pushAttestedFromEngine: Push = async (run, ecr, request, signal, progress) =>
  push(run, ecr, request, signal, progress, async (_, reference, folder) => {
    const { image, dockerFolder } = request;
    const build = {
      source: image.source,
      dockerFolder,
      output: [`--output=type=docker,${forEcr}`, "--tag", reference],
      metadataFile: join(folder, "infer-deploy-metadata.json"),
    };
    await buildAttested(run, build, signal, progress);
  });

type Docker = (args: readonly string[], what: string, input?: string) => Promise<void>;

async function push(
  run: Run,
  ecr: Pick<ECRClient, "send">,
  { repository, version }: PushRequest,
  signal: AbortSignal,
  progress: (detail: string) => void,
  name: (docker: Docker, reference: string, folder: string) => Promise<void>,
): Promise<string> {
  const { host, username, password } = await pushCredentials(ecr);
  const reference = `${host}/${repository}:${version}`;
  // A separate configuration folder: the password must not be stored in the user's, nor replace one there.
  return withTempFolder("infer-deploy-push-", async (folder) => {
    const engine = await engineOf(run, folder);
    const docker: Docker = async (args, what, input) => {
      const result = await run({
        file: "docker",
        args,
        env: { DOCKER_CONFIG: folder, ...engine },
        writes: true,
        signal,
        ...(input === undefined ? {} : { input }),
        onLine: (line) => {
          if (what === "push" && line.trim() !== "") progress(line.trim());
        },
      });
      signal.throwIfAborted();
      if (result.exitCode !== 0) {
        throw new CommandError(`docker ${what} failed for ${reference}.`, {
          detail: `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-10),
          next: "check the network and the disk, then run the same command again",
        });
      }
    };
    await docker(loginArgv(username, host), "login", password);
    await name(docker, reference, folder);
    try {
      await docker(pushArgv(reference), "push");
    } finally {
      // The registry keeps the name. In the user's engine it would only pile up; the image has the build's own tag there.
      await run({ file: "docker", args: untagArgv(reference), writes: true });
    }
    const pushed = await findImage(ecr, repository, version);
    if (pushed === undefined) {
      throw new CommandError(
        `The image was pushed, but the registry does not list ${repository}:${version}.`,
      );
    }
    return pushed.digest;
  });
}
