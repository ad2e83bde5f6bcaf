import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ECRClient } from "@aws-sdk/client-ecr";
import { findImage, pushCredentials } from "../aws/registry.ts";
import { CommandError } from "../errors/command-error.ts";
import type { Run } from "../process/run.ts";
import type { Reporter } from "../report/events.ts";
import { loginArgv, pushArgv, tagArgv, untagArgv } from "./argv.ts";

export interface PushRequest {
  /** The image's id in the local engine. */
  readonly imageId: string;
  readonly repository: string;
  /** Becomes the tag, which is immutable. */
  readonly version: string;
}

/**
 * Puts an image into the registry under its version; resolves to its manifest's digest.
 * The same content under the same version is not pushed twice; other content is refused by name.
 */
export async function pushImage(
  run: Run,
  ecr: Pick<ECRClient, "send">,
  reporter: Reporter,
  request: PushRequest,
  signal: AbortSignal,
): Promise<string> {
  const { imageId, repository, version } = request;
  reporter.notify({ type: "step-started", step: "push", title: `Push ${repository}:${version}` });
  const existing = await findImage(ecr, repository, version);
  if (existing !== undefined) {
    if (existing.configDigest === imageId || existing.digest === imageId) {
      reporter.notify({
        type: "step-finished",
        step: "push",
        outcome: "skipped",
        detail: "already in the registry",
      });
      return existing.digest;
    }
    reporter.notify({ type: "step-finished", step: "push", outcome: "failed" });
    throw new CommandError(
      `Version ${version} is in the registry with other content, and versions are immutable.`,
      {
        where: `${repository}:${version}`,
        why: `the registry has ${existing.configDigest ?? existing.digest}, this build is ${imageId}`,
        next: "choose another version with --version",
      },
    );
  }
  const { host, username, password } = await pushCredentials(ecr);
  const reference = `${host}/${repository}:${version}`;
  // A configuration folder of its own: the password must not end up in the user's, nor replace one there.
  const folder = await mkdtemp(join(tmpdir(), "infer-deploy-push-"));
  try {
    const engine = await engineAddress(run);
    const docker = async (args: readonly string[], what: string, input?: string): Promise<void> => {
      const result = await run({
        file: "docker",
        args,
        env: { DOCKER_CONFIG: folder, ...(engine === undefined ? {} : { DOCKER_HOST: engine }) },
        writes: true,
        signal,
        ...(input === undefined ? {} : { input }),
        onLine: (line) => {
          if (what === "push" && line.trim() !== "") {
            reporter.notify({ type: "step-progress", step: "push", detail: line.trim() });
          }
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
      // The registry has the name; in the user's engine it would only be one more for each registry. The image keeps the build's own tag.
      await run({ file: "docker", args: untagArgv(reference), writes: true });
    }
    const pushed = await findImage(ecr, repository, version);
    if (pushed === undefined) {
      throw new CommandError(
        `The image was pushed, but the registry does not list ${repository}:${version}.`,
      );
    }
    reporter.notify({
      type: "step-finished",
      step: "push",
      outcome: "done",
      detail: pushed.digest.slice(0, 19),
    });
    return pushed.digest;
  } catch (error) {
    reporter.notify({ type: "step-finished", step: "push", outcome: "failed" });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The engine of the user's current context, which a configuration folder of our own would lose. */
async function engineAddress(run: Run): Promise<string | undefined> {
  const result = await run({
    file: "docker",
    args: ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"],
    writes: false,
  });
  const address = result.stdout.trim();
  return result.exitCode === 0 && address !== "" ? address : undefined;
}
