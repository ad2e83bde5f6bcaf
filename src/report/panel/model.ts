import type { ReportEvent } from "../reporter.ts";
import type { ProbeSight, ResourcesSight, ServiceSight } from "../sights.ts";

/** What the panel shows, from the events so far. Readonly and JSON-able. */
export interface PanelModel {
  readonly resources: { readonly step: string; readonly sight: ResourcesSight } | null;
  readonly service: ServiceModel | null;
}

/** The newest sight of a service, and its probes since the first. */
export interface ServiceModel {
  readonly sight: ServiceSight;
  /** The latest ones, oldest first. */
  readonly probes: readonly ProbeSight[];
  readonly asked: number;
  readonly failed: number;
  readonly lastFailure: ProbeSight | null;
}

export const emptyPanel: PanelModel = { resources: null, service: null };

export function isEmpty({ resources, service }: PanelModel): boolean {
  return resources === null && service === null;
}

/** The model after an event. */
export function reducePanel(model: PanelModel, event: ReportEvent): PanelModel {
  switch (event.type) {
    case "resources-seen":
      return { ...model, resources: { step: event.step, sight: event.sight } };
    case "step-finished":
      return model.resources?.step === event.step ? { ...model, resources: null } : model;
    case "service-seen":
      return { ...model, service: withSight(model.service ?? unseen, event.sight) };
    case "service-left":
      return { ...model, service: null };
    default:
      return model;
  }
}

function withSight(before: Omit<ServiceModel, "sight">, sight: ServiceSight): ServiceModel {
  const failures = sight.probes.filter(({ good }) => !good);
  return {
    sight,
    probes: [...before.probes, ...sight.probes].slice(-probesKept),
    asked: before.asked + sight.probes.length,
    failed: before.failed + failures.length,
    lastFailure: failures.at(-1) ?? before.lastFailure,
  };
}

const unseen: Omit<ServiceModel, "sight"> = { probes: [], asked: 0, failed: 0, lastFailure: null };

/** More than the widest terminal shows. */
const probesKept = 300;
