import { type ControllerReport, writeReport } from "../client/controller-report.ts";
import type { Chores } from "./chores.ts";

/** Writes controller.json every second, and at once when a part starts or stops failing: `sandbox start` waits for that. */
export function createReportWriter(folder: string, chores: Chores): () => Promise<void> {
  let reported = "nothing yet";
  return async () => {
    const report: ControllerReport = {
      pid: process.pid,
      at: new Date().toISOString(),
      failing: chores.failing(),
    };
    const failing = Object.keys(report.failing).join();
    const interval = failing === reported ? everyMilliseconds : 0;
    reported = failing;
    await chores.every(interval, "report", () => writeReport(folder, report));
  };
}

const everyMilliseconds = 1000;
