import { expect } from "vitest";
import { failedSamples, type Load, versionsOf } from "./load.ts";
import type { ReleaseProject } from "./release-project.ts";
import type { CliEnd } from "./running-cli.ts";

/** Nothing may fail meanwhile, and exactly these versions may answer, in this order. */
export async function underLoad(
  app: ReleaseProject,
  versions: readonly string[],
  work: (load: Load) => Promise<CliEnd>,
): Promise<CliEnd> {
  const load = app.load(20);
  try {
    const end = await work(load);
    const samples = await load.stop();
    expect(failedSamples(samples), end.stderr).toEqual([]);
    expect(versionsOf(samples), end.stderr).toEqual(versions);
    return end;
  } finally {
    await load.stop();
  }
}
