import type { ResourcesSight, ServiceSight } from "./sights.ts";

/** What work reports. `step` is a stable id; steps may overlap in time. */
export type ReportEvent =
  | { readonly type: "step-started"; readonly step: string; readonly title: string }
  | { readonly type: "step-progress"; readonly step: string; readonly detail: string }
  | {
      readonly type: "step-finished";
      readonly step: string;
      readonly outcome: "done" | "skipped" | "failed";
      readonly detail?: string;
    }
  /** For a live picture; nothing is lost where it is not drawn. The picture of resources ends with its step. */
  | { readonly type: "resources-seen"; readonly step: string; readonly sight: ResourcesSight }
  | { readonly type: "service-seen"; readonly sight: ServiceSight }
  /** The picture of the service ends. */
  | { readonly type: "service-left" }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "warning"; readonly text: string };

export interface Reporter {
  readonly notify: (event: ReportEvent) => void;
  /**
   * Asks a yes/no question; the default answer is no.
   * Throws CommandError (64) that names `flag` when no person can answer.
   */
  readonly ask: (question: string, flag: string) => Promise<boolean>;
  /**
   * Asks for a line; undefined when the input was closed. Throws CommandError (64) when no person can answer.
   */
  readonly askLine: (question: string) => Promise<string | undefined>;
}
