import * as z from "zod/mini";
import type { Colour } from "../stack/colour.ts";
import { parseDocument } from "./document.ts";
import type { ObjectStore } from "./object-store.ts";

/** The agent's states: first the steps of a good start, in order, then the ways in which a start fails. */
const stateNames = [
  "booting",
  "no-release",
  "pulling",
  "image-missing",
  "pull-denied",
  "starting",
  "healthy",
  "unhealthy",
  "crashed",
  "out-of-memory",
  "failed",
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
  /** When the release's container was started for the first time, ISO 8601, UTC. From `starting` on; boot and pull are over then. */
  readonly started_at?: string | null | undefined;
  /** ISO 8601, UTC. */
  readonly at: string;
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
  started_at: z.optional(z.nullable(z.string())),
  at: z.string(),
});
