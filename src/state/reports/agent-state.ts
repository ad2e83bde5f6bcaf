import * as z from "zod/mini";
import type { Colour } from "../../stack/colour.ts";
import { beforeReport, type BeforeReport } from "./before-report.ts";
import { parseDocument } from "../document.ts";
import type { ObjectStore } from "../object-store.ts";

/** The agent's states: first the steps of a good start, in order, then the ways in which a start fails. */
const stateNames = [
  "booting",
  "no-release",
  "pulling",
  "fetching",
  "image-missing",
  "pull-denied",
  "holding",
  "before",
  "before-failed",
  "model-failed",
  "starting",
  "healthy",
  "unhealthy",
  "crashed",
  "out-of-memory",
  "failed",
  "gpu-lost",
  "leaving",
] as const;

export type AgentStateName = (typeof stateNames)[number];

/** PREFIX/agents/INSTANCE.json. The instance agent writes it at every change of state. */
export interface AgentState {
  readonly schema_version: 1;
  readonly instance: string;
  readonly zone: string;
  readonly colour: Colour;
  readonly release: number | null;
  readonly version: string | null;
  readonly digest: string | null;
  readonly state: AgentStateName;
  /** One sentence for a person: the exit code, the health answer, the registry's refusal. */
  readonly detail: string;
  readonly exit_code: number | null;
  /** How often the container was restarted for this release. */
  readonly restarts: number;
  /** The last lines of the container's output, at most 40. */
  readonly log_tail: readonly string[];
  /** Only while an image is pulled: its share, in per cent of its bytes, downloaded and unpacked. Absent when the registry does not say the sizes. */
  readonly pulled_percent?: number | undefined;
  /** On the instance that runs the command of `release.before`, from its start until the release starts. */
  readonly before?: BeforeReport | undefined;
  /** While the model's weights are fetched: their share in per cent of all bytes, and the speed. Absent: there are none, or they are here. */
  readonly fetched_percent?: number | undefined;
  readonly fetched_mb_per_second?: number | undefined;
  /** When the release's container was started for the first time, ISO 8601, UTC. From `starting` on; boot and pull are over then. */
  readonly started_at?: string | null | undefined;
  /** On an instance with GPUs, as of the last minute. */
  readonly gpus?: GpusSeen | undefined;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** What an instance's agent saw of its GPUs. A GPU that does not say a value has null. */
export interface GpusSeen {
  readonly devices: readonly {
    readonly index: number | null;
    readonly name: string;
    readonly memory_used_mb: number | null;
    readonly memory_total_mb: number | null;
    readonly utilisation_percent: number | null;
  }[];
  /** Numbers of the driver's errors that lost no GPU: most are the app's. */
  readonly xids: readonly number[];
}

/** Null until the agent's first report. Throws CommandError when the report cannot be read. */
export async function readAgentState(
  store: Pick<ObjectStore, "get">,
  instance: string,
): Promise<AgentState | null> {
  const key = `agents/${instance}.json`;
  const stored = await store.get(key);
  const next = `wait for the agent's next report, or end the instance ${instance} so that its group starts another`;
  return stored === undefined ? null : parseDocument(schema, stored.value, { key, next });
}

const gpus: z.ZodMiniType<GpusSeen> = z.looseObject({
  devices: z.array(
    z.looseObject({
      index: z.nullable(z.int()),
      name: z.string(),
      memory_used_mb: z.nullable(z.number()),
      memory_total_mb: z.nullable(z.number()),
      utilisation_percent: z.nullable(z.number()),
    }),
  ),
  xids: z.array(z.int()),
});

const schema: z.ZodMiniType<AgentState> = z.looseObject({
  schema_version: z.literal(1),
  instance: z.string(),
  zone: z.string(),
  colour: z.enum(["blue", "green"]),
  release: z.nullable(z.int()),
  version: z.nullable(z.string()),
  digest: z.nullable(z.string()),
  state: z.enum(stateNames),
  detail: z.string(),
  exit_code: z.nullable(z.int()),
  restarts: z.int(),
  log_tail: z.array(z.string()),
  pulled_percent: z.optional(z.number()),
  before: z.optional(z.looseObject(beforeReport)),
  fetched_percent: z.optional(z.number()),
  fetched_mb_per_second: z.optional(z.number()),
  started_at: z.optional(z.nullable(z.string())),
  gpus: z.optional(gpus),
  at: z.string(),
});
