import { readSeries } from "../../aws/metrics/read-series.ts";
import { createCostReader } from "../../dashboard/cost-reader.ts";
import { makePage } from "../../dashboard/make-page.ts";
import { createMetricsReader } from "../../dashboard/metrics-reader.ts";
import type { PageDocument } from "../../dashboard/page-document.ts";
import { chartSeries } from "../../dashboard/series.ts";
import { rememberShares, type SeenShares } from "../../dashboard/shares.ts";
import type { Deps } from "../../deps.ts";
import { readReleases } from "../../state/release-history.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import { readPageCost } from "../cost/read-page-cost.ts";
import type { Target } from "../target.ts";
import type { SeenImages } from "./image-facts.ts";
import { look } from "./look.ts";
import type { WarnDeps } from "./or-warn.ts";
import { readSlowFacts, type SlowFacts } from "./slow-facts.ts";

/** Looks again and again; `seconds` is how far back the charts reach. What the looks before have seen is kept here. */
export function createPageLook(
  deps: Pick<
    Deps,
    "args" | "clock" | "fetch" | "fetchHttp2" | "fetchThrough" | "interrupts" | "publicDns"
  >,
  target: Target,
  stack: StackRecord,
  seconds: number,
): () => Promise<PageDocument> {
  const images: SeenImages = { scans: new Map(), attestations: new Map() };
  const wanted = chartSeries(stack.outputs, `${stack.name}-${stack.environment}`);
  const readMetrics = createMetricsReader(seconds, async (range) =>
    readSeries(await target.aws.cloudWatch(), wanted, range),
  );
  const readCost = createCostReader(async () => readPageCost(deps, target, stack));
  const readHistory = createHistoryReader(target);
  const before = collectWarnings();
  let slow: Promise<SlowFacts> | undefined;
  let seen: readonly SeenShares[] = [];
  return async () => {
    slow ??= readSlowFacts({ ...deps, reporter: before.reporter }, target, stack);
    const facts = await slow;
    const { reporter, warnings } = collectWarnings();
    const sources = await look({ ...deps, reporter }, target, stack, facts, images);
    const now = sources.now.getTime() / 1000;
    const [metrics, releases] = await Promise.all([
      readMetrics(now),
      readHistory(sources.snapshot.releases),
    ]);
    const { range, values } = metrics;
    const costs = readCost(now);
    seen = rememberShares(seen, now, sources.snapshot.weights, range.start);
    return makePage({
      ...{ releases, range, values, seen, cost: costs.cost },
      status: sources,
      warnings: [...before.warnings, ...warnings, ...metrics.warnings, ...costs.warnings],
    });
  };
}

/** For the page: the terminal would get the same line every two seconds. */
function collectWarnings(): WarnDeps & { readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const notify: WarnDeps["reporter"]["notify"] = (event) => {
    if (event.type === "warning") warnings.push(event.text);
  };
  return { reporter: { notify }, warnings };
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

const historyLength = 20;
