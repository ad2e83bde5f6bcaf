import type { ECRClient } from "@aws-sdk/client-ecr";
import { findImage } from "../../aws/ecr/registry.ts";
import type { BackgroundBuild } from "../../image/background-build.ts";
import { buildImage, type BuildStep } from "../../image/build.ts";
import type { ImageSource } from "../../image/docker-argv.ts";
import { pushImage } from "../../image/push.ts";
import type { Run } from "../../process/programs/run.ts";
import type { Reporter } from "../../report/reporter.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { Files } from "../../terraform/render/files.ts";
import { filesHash } from "../../terraform/render/render-stack.ts";

/** What puts Caddy into the stack's registry, where the machine takes it from. */
export interface CaddyDeps {
  readonly run: Run;
  readonly ecr: () => Promise<Pick<ECRClient, "send">>;
  readonly reporter: Reporter;
  readonly dockerFolder: string;
  readonly signal: AbortSignal;
  /** The image with Caddy in it, from this package. */
  readonly source: ImageSource;
  /** Reads the files that it is built from, by path. */
  readonly files: () => Promise<Files>;
  /** Makes the machine's door use the image. A machine that runs keeps the Caddy that it has. */
  readonly use: (stack: StackRecord, image: string) => Promise<void>;
}

/**
 * Builds and pushes Caddy unless the registry has the same one, and names it to the machine's door. `build`: one that was started earlier.
 * Throws CommandError when it does not build or cannot be pushed.
 */
export async function provideCaddy(
  deps: CaddyDeps,
  stack: StackRecord,
  build: BackgroundBuild | undefined,
): Promise<void> {
  const { repository_name: repository, repository_url: url } = stack.outputs;
  const tag = await caddyTag(deps);
  const ecr = await deps.ecr();
  const existing = await findImage(ecr, repository, tag);
  const digest = existing?.digest ?? (await push(deps, ecr, { repository, tag, build }));
  await deps.use(stack, `${url}@${digest}`);
}

async function push(
  { dockerFolder, reporter, run, signal, source }: CaddyDeps,
  ecr: Pick<ECRClient, "send">,
  request: {
    readonly repository: string;
    readonly tag: string;
    readonly build: BackgroundBuild | undefined;
  },
): Promise<string> {
  const { build, repository, tag: version } = request;
  const image = await (build?.image() ?? buildImage(run, reporter, source, signal, caddyStep));
  const wanted = { image, repository, version, attest: "off" as const, dockerFolder };
  return pushImage(run, ecr, reporter, wanted, signal);
}

/** The registry expires no image whose tag begins with live-. */
async function caddyTag({
  files,
  source: { platform },
}: Pick<CaddyDeps, "files" | "source">): Promise<string> {
  const architecture = platform.split("/")[1] ?? platform;
  return `live-door-${architecture}-${filesHash(await files()).slice(0, 12)}`;
}

export const caddyStep: BuildStep = { id: "build-caddy", title: "Build Caddy" };
