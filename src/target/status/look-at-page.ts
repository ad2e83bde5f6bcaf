import { readSeries, type MetricRange, type SeriesValues } from "../../aws/metrics/read-series.ts";
import { makePage } from "../../dashboard/make-page.ts";
import type { PageDocument } from "../../dashboard/page-document.ts";
import { lastPeriods } from "../../dashboard/range.ts";
import { chartSeries } from "../../dashboard/series.ts";
import { rememberShares, type SeenShares } from "../../dashboard/shares.ts";
import type { Deps } from "../../deps.ts";
import { describeLine } from "../../errors/describe.ts";
import { readReleases } from "../../state/release-history.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { Target } from "../target.ts";
import type { SeenImages } from "./image-facts.ts";
import { look } from "./look.ts";
import type { WarnDeps } from "./or-warn.ts";
import { lookAtDomains } from "./stack-facts.ts";
import { unconfirmedEmails } from "./unconfirmed-emails.ts";

/** Looks again and again; `seconds` is how far back the charts reach. What the looks before have seen is kept here. */
export function createPageLook(
  deps: Pick<Deps, "clock" | "fetch" | "interrupts" | "publicDns">,
  target: Target,
  stack: StackRecord,
  seconds: number,
): () => Promise<PageDocument> {
  const images: SeenImages = { scans: new Map(), attestations: new Map() };
  const readMetrics = createMetricsReader(target, stack, seconds);
  const readHistory = createHistoryReader(target);
  let slow: Promise<SlowFacts> | undefined;
  let seen: readonly SeenShares[] = [];
  return async () => {
    const warnings: string[] = [];
    const collecting = {
      ...deps,
      reporter: {
        notify: (event: Parameters<WarnDeps["reporter"]["notify"]>[0]) => {
          if (event.type === "warning") warnings.push(event.text);
        },
      },
    };
    slow ??= readSlowFacts(collecting, target, stack);
    const { domains, unconfirmed } = await slow;
    const sources = await look(collecting, target, stack, domains, images);
    const now = sources.now.getTime() / 1000;
    const [{ range, values, warnings: more }, releases] = await Promise.all([
      readMetrics(now),
      readHistory(sources.snapshot.releases),
    ]);
    seen = rememberShares(seen, now, sources.snapshot.weights, range.start);
    const { expires } = target.config;
    const document = { ...sources.document, unconfirmed_emails: unconfirmed, expires };
    return makePage({
      ...{ releases, range, values, seen, warnings: [...warnings, ...more] },
      status: { ...sources, document },
    });
  };
}

interface SlowFacts {
  readonly domains: Awaited<ReturnType<typeof lookAtDomains>>;
  readonly unconfirmed: readonly string[];
}

/** Once: Route53 answers five calls a second for the whole account, and e-mails are confirmed rarely. */
async function readSlowFacts(
  deps: Parameters<typeof lookAtDomains>[0],
  target: Target,
  stack: StackRecord,
): Promise<SlowFacts> {
  const [domains, unconfirmed] = await Promise.all([
    lookAtDomains(deps, target, stack),
    unconfirmedEmails(deps, target, stack),
  ]);
  return { domains, unconfirmed };
}

interface Metrics {
  readonly range: MetricRange;
  readonly values: SeriesValues;
  readonly warnings: readonly string[];
}

/** GetMetricData is paid by the series, and a period is a minute at least: it is asked twice a minute. */
function createMetricsReader(
  { aws }: Pick<Target, "aws">,
  { outputs }: Pick<StackRecord, "outputs">,
  seconds: number,
): (now: number) => Promise<Metrics> {
  let values: SeriesValues = new Map();
  let warnings: readonly string[] = [];
  let asked = Number.NEGATIVE_INFINITY;
  return async (now) => {
    const range = lastPeriods(seconds, now);
    if (now - asked >= metricsSeconds) {
      asked = now;
      try {
        values = await readSeries(await aws.cloudWatch(), chartSeries(outputs), range);
        warnings = [];
      } catch (error) {
        warnings = [`CloudWatch's metrics could not be read: ${describeLine(error)}`];
      }
    }
    return { range, values, warnings };
  };
}

/** The long history, read again when the newest records have changed. */
function createHistoryReader({
  store,
}: Pick<Target, "store">): (newest: readonly ReleaseRecord[]) => Promise<readonly ReleaseRecord[]> {
  let known: readonly ReleaseRecord[] = [];
  let at = "";
  return async (newest) => {
    const text = JSON.stringify(newest);
    if (text !== at) {
      known = (await readReleases(store, historyLength)).slice(0, historyLength);
      at = text;
    }
    return known;
  };
}

const metricsSeconds = 30;
const historyLength = 20;
