import { readImageScan, scannedDigest, type ImageScan } from "../../aws/ecr/image-scan.ts";
import type { Config } from "../../config/schema/config.ts";
import type { Clock } from "../../process/clock.ts";
import type { Reporter } from "../../report/reporter.ts";
import { span } from "../../report/span.ts";
import { findingsText } from "../plan/findings-text.ts";
import { judgeScan } from "../plan/judge-scan.ts";
import type { Session } from "../session.ts";
import type { Objection } from "../strategy/strategy.ts";

interface ScanSources {
  readonly config: {
    readonly image: Pick<Config["image"], "platform">;
    readonly release: Pick<Config["release"], "scan">;
  };
  readonly ecr: Session["ecr"];
  readonly stack: { readonly outputs: { readonly repository_name: string } };
}

/**
 * The objection that the registry's scan of an image makes by `release.scan`. Waits for a scan that is not over, for five minutes at most.
 * `canForce`: the verb has the flag --force. Throws the SDK's own errors, and the signal's reason when it is aborted.
 */
export async function checkScan(
  sources: ScanSources & {
    readonly clock: Clock;
    readonly reporter: Pick<Reporter, "notify">;
    readonly signal: AbortSignal;
  },
  digest: string,
  { canForce }: { readonly canForce: boolean },
): Promise<readonly Objection[]> {
  const { config, clock, reporter, signal } = sources;
  if (config.release.scan === "none") return [];
  const end = clock.now().getTime() + longestScan;
  return span(reporter, "scan", "Wait for the registry's scan", async ({ done }) => {
    const image = await scannedImage(sources, digest);
    let scan = await readScan(sources, image);
    while (scan.state === "pending" && clock.now().getTime() < end) {
      await clock.sleep(pause, signal);
      scan = await readScan(sources, image);
    }
    done(scan.state === "done" ? findingsText(scan.findings) : scan.state);
    return objections(sources, image, scan, canForce);
  });
}

/** The same for a forecast, as things are now. */
export async function forecastScan(
  sources: ScanSources,
  digest: string | undefined,
): Promise<readonly Objection[]> {
  // What is not built yet, or is not scanned yet, is judged when it is released.
  if (sources.config.release.scan === "none" || digest === undefined) return [];
  const image = await scannedImage(sources, digest);
  const scan = await readScan(sources, image);
  return scan.state === "pending" ? [] : objections(sources, image, scan, true);
}

async function scannedImage({ config, ecr, stack }: ScanSources, digest: string): Promise<string> {
  const { repository_name: repository } = stack.outputs;
  return scannedDigest(await ecr(), repository, digest, config.image.platform);
}

async function readScan({ ecr, stack }: ScanSources, digest: string): Promise<ImageScan> {
  return readImageScan(await ecr(), stack.outputs.repository_name, digest);
}

function objections(
  { config, stack }: Pick<ScanSources, "config" | "stack">,
  digest: string,
  scan: ImageScan,
  canForce: boolean,
): readonly Objection[] {
  const { scan: least } = config.release;
  if (least === "none") return [];
  const image = { repository: stack.outputs.repository_name, digest };
  const objection = judgeScan(scan, least, image, canForce);
  return objection === undefined ? [] : [objection];
}

/** ECR's basic scan takes seconds to a few minutes, by the image's size. */
const longestScan = 5 * 60_000;

const pause = 2000;
