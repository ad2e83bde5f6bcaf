import type { ECRClient } from "@aws-sdk/client-ecr";
import { findImage, isContent } from "../aws/ecr/registry.ts";
import { CommandError } from "../errors/command-error.ts";
import type { Run } from "../process/programs/run.ts";
import type { Reporter } from "../report/reporter.ts";
import { span } from "../report/span.ts";
import { cannotAttest, findAttester } from "./attest/attester.ts";
import { pushAttested } from "./attest/push-attested.ts";
import { pushAttestedFromEngine, pushFromEngine } from "./push-from-engine.ts";
import type { PushRequest } from "./push-request.ts";

/**
 * Pushes an image to the registry under its version; resolves to the digest of its manifest, or of its index when it has an SBOM and provenance.
 * Content that is already there under this version is not pushed again; other content is refused.
 */
export async function pushImage(
  run: Run,
  ecr: Pick<ECRClient, "send">,
  reporter: Pick<Reporter, "notify">,
  request: PushRequest,
  signal: AbortSignal,
): Promise<string> {
  const { image, repository, version } = request;
  const title = `Push ${repository}:${version}`;
  return span(reporter, "push", title, async ({ progress, done, skipped }) => {
    const existing = await findImage(ecr, repository, version);
    if (existing === undefined) {
      const { digest, lacks } = await push(run, ecr, reporter, request, signal, progress);
      done(`${digest.slice(0, 19)}${lacks === undefined ? "" : `; no SBOM: ${lacks}`}`);
      return digest;
    }
    if (isContent(existing, image.id)) {
      skipped("already in the registry");
      return existing.digest;
    }
    throw new CommandError(
      `Version ${version} is in the registry with other content, and versions are immutable.`,
      {
        where: `${repository}:${version}`,
        why: `the registry has ${existing.configDigest ?? existing.digest}, this build is ${image.id}`,
        next: `choose another version with --version, or release the registry's image with infer-deploy release --no-build --version ${version}`,
      },
    );
  });
}

interface Pushed {
  readonly digest: string;
  /** Why the image has no SBOM and provenance; undefined when it has them, and when none are wanted. */
  readonly lacks?: string;
}

async function push(
  run: Run,
  ecr: Pick<ECRClient, "send">,
  reporter: Pick<Reporter, "notify">,
  request: PushRequest,
  signal: AbortSignal,
  progress: (detail: string) => void,
): Promise<Pushed> {
  const { attest } = request;
  const plain = async () => pushFromEngine(run, ecr, request, signal, progress);
  if (attest === "off") return { digest: await plain() };
  const attester = await findAttester(run, signal);
  if (typeof attester !== "string") {
    if (attest === "required") throw cannotAttest(attester);
    return { digest: await plain(), lacks: attester.why };
  }
  try {
    const attested = attester === "builder" ? pushAttested : pushAttestedFromEngine;
    return { digest: await attested(run, ecr, request, signal, progress) };
  } catch (error) {
    if (attest === "required" || signal.aborted || !(error instanceof CommandError)) throw error;
    const why = error.detail.at(-1) ?? error.why;
    const text = `${error.message} It is pushed without its SBOM and provenance${why === undefined ? "" : `: ${why}`}`;
    reporter.notify({ type: "warning", text });
    return { digest: await plain(), lacks: "see above" };
  }
}
