import type { ECRClient } from "@aws-sdk/client-ecr";
import { findImage, pushCredentials } from "../aws/ecr/registry.ts";
import { CommandError } from "../errors/command-error.ts";
import type { Run } from "../process/programs/run.ts";
import { withTempFolder } from "../process/temp-folder.ts";
import type { Reporter } from "../report/reporter.ts";
import { span } from "../report/span.ts";
import { engineOf } from "./engine.ts";
import { loginArgv, pushArgv, tagArgv, untagArgv } from "./docker-argv.ts";

export interface PushRequest {
  /** The image's id in the local engine. */
  readonly imageId: string;
  readonly repository: string;
  /** Becomes the tag, which is immutable. */
  readonly version: string;
}

/**
 * Pushes an image to the registry under its version; resolves to its manifest's digest.
 * Content that is already there under this version is not pushed again; other content is refused.
 */
export async function pushImage(
  run: Run,
  ecr: Pick<ECRClient, "send">,
  reporter: Pick<Reporter, "notify">,
  request: PushRequest,
  signal: AbortSignal,
): Promise<string> {
  const { imageId, repository, version } = request;
  const title = `Push ${repository}:${version}`;
  return span(reporter, "push", title, async ({ progress, done, skipped }) => {
    const existing = await findImage(ecr, repository, version);
    if (existing === undefined) {
      const digest = await push(run, ecr, request, signal, progress);
      done(digest.slice(0, 19));
      return digest;
    }
    if (existing.configDigest === imageId || existing.digest === imageId) {
      skipped("already in the registry");
      return existing.digest;
    }
    throw new CommandError(
      `Version ${version} is in the registry with other content, and versions are immutable.`,
      {
        where: `${repository}:${version}`,
        why: `the registry has ${existing.configDigest ?? existing.digest}, this build is ${imageId}`,
        next: `choose another version with --version, or release the registry's image with infer-deploy release --no-build --version ${version}`,
      },
    );
  });
}

async function push(
  run: Run,
  ecr: Pick<ECRClient, "send">,
  { imageId, repository, version }: PushRequest,
  signal: AbortSignal,
  progress: (detail: string) => void,
): Promise<string> {
  const { host, username, password } = await pushCredentials(ecr);
  const reference = `${host}/${repository}:${version}`;
  // A separate configuration folder: the password must not be stored in the user's, nor replace one there.
  return withTempFolder("infer-deploy-push-", async (folder) => {
    const engine = await engineOf(run, folder);
    const docker = async (args: readonly string[], what: string, input?: string): Promise<void> => {
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
    await docker(tagArgv(imageId, reference), "tag");
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
