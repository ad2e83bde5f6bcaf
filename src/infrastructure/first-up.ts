import { CommandError } from "../errors/command-error.ts";
import { startBuild, type BackgroundBuild } from "../image/background-build.ts";
import type { BuiltImage } from "../image/build.ts";
import type { ReferencedImage } from "../image/ref/referenced-image.ts";
import { imageSource } from "../image/source.ts";
import type { Interrupts } from "../process/interrupts.ts";
import { releaseFirst } from "../release/first-release.ts";
import { addressQuestion } from "../release/observe/address.ts";
import { recover } from "../release/recover.ts";
import type { Session } from "../release/session.ts";
import type { Reporter } from "../report/reporter.ts";
import type { Config } from "../config/schema/config.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { readReleases } from "../state/release-history.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import { caddyStep, type CaddyDeps } from "./door/provide-caddy.ts";
import { withoutImage } from "./without-image.ts";

/** The builds that a first `up` makes while Terraform works. */
export interface FirstBuilds {
  /** Undefined where the image exists already. */
  readonly image: BackgroundBuild | undefined;
  /** Undefined for a fleet. */
  readonly caddy: BackgroundBuild | undefined;
}

export function startBuilds(
  {
    caddy,
    config,
    interrupts,
    reporter,
    root,
    run,
  }: Pick<Session, "config" | "reporter" | "root" | "run"> & {
    readonly caddy: CaddyDeps | undefined;
    readonly interrupts: Pick<Interrupts, "aborted">;
  },
  { buildArgs }: { readonly buildArgs: Readonly<Record<string, string>> },
): FirstBuilds {
  const { aborted } = interrupts;
  return {
    image:
      config.image.ref === null
        ? startBuild(run, reporter, imageSource(config, root, buildArgs), aborted)
        : undefined,
    caddy: caddy && startBuild(run, reporter, caddy.source, aborted, caddyStep),
  };
}

/** The records that the user makes, where the zone of one machine's domains is not in Route53. */
export function tellRecords(
  reporter: Pick<Reporter, "notify">,
  { domains, zone }: Pick<Config, "domains" | "zone">,
  { outputs }: Pick<StackRecord, "outputs">,
): void {
  if (zone !== null || domains.length === 0 || !("machine" in outputs)) return;
  const records = domains.map((name) => `${name}. 60 A ${outputs.machine.address}`).join(", ");
  const text = `make this record where the domain is, now: ${records}. Let's Encrypt gives a certificate once it leads here`;
  reporter.notify({ type: "warning", text });
}

/** First repairs what an interrupted run left. */
export async function firstRelease(
  session: Session,
  {
    build,
    found,
  }: { readonly build: BackgroundBuild | undefined; readonly found: ReferencedImage | undefined },
  contextHash: string,
  version: string | undefined,
): Promise<ReleaseRecord> {
  const { config, stack, store } = session;
  const address = addressQuestion(config, stack);
  await recover(session, { probe: config.release.probe, address });
  const releases = await readReleases(store);
  const image = async () => found ?? builtImage(build);
  return releaseFirst(session, { releases, image, contextHash, version });
}

/** The image. By now the infrastructure exists, so a failed build is reported with its costs. */
async function builtImage(build: BackgroundBuild | undefined): Promise<BuiltImage> {
  if (build === undefined) {
    throw new Error("no build was started for a release that needs one");
  }
  return build.image().catch((error: unknown) => {
    throw error instanceof CommandError ? withoutImage(error) : error;
  });
}
