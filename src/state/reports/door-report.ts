import * as z from "zod/mini";
import { parseDocument } from "../document.ts";
import type { ObjectStore } from "../object-store.ts";

const slot = z.looseObject({
  /** As a target group says it: healthy, unhealthy, initial, draining or unused. */
  state: z.string(),
  reason: z.string(),
  in_flight: z.number(),
});

const certificate = z.looseObject({
  domains: z.array(z.string()),
  state: z.enum(["valid", "waiting", "none"]),
  /** ISO 8601. */
  not_after: z.nullable(z.string()),
  /** Hexadecimal. */
  serial: z.nullable(z.string()),
  /** ISO 8601: when the next order is made; null when none is waiting. */
  next_try: z.nullable(z.string()),
  problem: z.string(),
});

const schema = z.looseObject({
  schema_version: z.literal(1),
  instance: z.string(),
  zone: z.string(),
  at: z.string(),
  /** The newest one of the traffic that requests follow. */
  generation: z.int(),
  /** Why a newer one is not followed; empty when it is. */
  problem: z.string(),
  slots: z.object({ blue: slot, green: slot }),
  certificate: z.nullable(certificate),
});

/** PREFIX/agents/INSTANCE-door.json: what the door of one machine does. It writes changes within about a second. */
export type DoorReport = z.infer<typeof schema>;

/** Undefined until the door's first report. Throws CommandError when it cannot be read. */
export async function readDoorReport(
  store: Pick<ObjectStore, "get">,
  instance: string,
): Promise<DoorReport | undefined> {
  const key = `agents/${instance}-door.json`;
  const stored = await store.get(key);
  const next = `wait for the next report, or end the instance ${instance} so that its group starts another`;
  return stored === undefined ? undefined : parseDocument(schema, stored.value, { key, next });
}
