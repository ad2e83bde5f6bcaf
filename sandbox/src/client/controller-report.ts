import { join } from "node:path";
import { readJson, writeAtomically } from "./state-file.ts";

/** The controller's report on itself: controller.json, written about once a second. */
export interface ControllerReport {
  readonly pid: number;
  /** ISO 8601, UTC; the end of the last cycle. */
  readonly at: string;
  /** Part -> why its last run failed. */
  readonly failing: Readonly<Record<string, string>>;
}

export async function readReport(folder: string): Promise<ControllerReport | undefined> {
  return readJson<ControllerReport>(join(folder, reportFile));
}

export async function writeReport(folder: string, report: ControllerReport): Promise<void> {
  await writeAtomically(join(folder, reportFile), `${JSON.stringify(report)}\n`);
}

const reportFile = "controller.json";
