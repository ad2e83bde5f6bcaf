import type { CostSettings } from "../../src/cost/cost-part.ts";

/** What a small stack with every default has; tests change what they are about. */
export function settingsOf(changes: Partial<CostSettings>): CostSettings {
  return {
    alerts: null,
    auth: "none",
    dashboard: false,
    domains: [],
    https: null,
    instances: { type: "t3.small", otherTypes: [], min: 2, max: 4, diskGb: 30 },
    metrics: { instances: false, path: "/metrics", series: [] },
    network: { egress: "nat", internal: false, vpc: null },
    oidc: null,
    routing: "simple",
    release: { strategy: "blue-green" },
    scaling: { target: null },
    secrets: {},
    topology: "fleet",
    waf: { mode: "none", rate: 10_000 },
    ...changes,
  };
}
