import type { Session } from "../session.ts";
import type { Ending } from "../strategy/machine.ts";
import { explainBlockedProbe } from "./blocked-probe.ts";
import { explainAddress } from "./explain-address.ts";

/** The ending with what keeps requests from the version, where something is known. Never throws. */
export async function explainEnding(
  session: Pick<Session, "clock" | "config" | "door" | "firewall">,
  ending: Ending,
): Promise<Ending> {
  return explainAddress(session, await explainBlockedProbe(session, ending));
}
