import type { StateFacts } from "./errored-state.ts";
import { parseEvent } from "../events/terraform-events.ts";

/** What an apply reported: its lines are kept in a file. */
export interface ApplyLog {
  /** Address and AWS id of what it created; the id is empty until the creation completes. */
  readonly made: ReadonlyMap<string, string>;
  /** Addresses of what it deleted, even if it created something there again. */
  readonly deleted: ReadonlySet<string>;
}

export function readApplyLog(text: string): ApplyLog {
  const made = new Map<string, string>();
  const deleted = new Set<string>();
  for (const line of text.split("\n")) {
    const event = parseEvent(line);
    if (event?.type === "apply_start" && event.action === "create") made.set(event.address, "");
    if (event?.type !== "apply_complete") continue;
    if (event.action === "create") made.set(event.address, event.id ?? "");
    if (event.action === "delete") {
      made.delete(event.address);
      deleted.add(event.address);
    }
  }
  return { made, deleted };
}

/**
 * What a killed apply created and did not save: terraform writes its state only every 20 seconds and at the
 * end. `address (id)` each, for the user.
 */
export function findLostResources(
  { made }: ApplyLog,
  saved: StateFacts | undefined,
): readonly string[] {
  return [...made]
    .filter(([address, id]) =>
      id === "" ? saved?.resources.has(address) !== true : saved?.resources.get(address) !== id,
    )
    .map(([address, id]) => (id === "" ? `${address} (was being created)` : `${address} (${id})`));
}
