import type { Session } from "../session.ts";
import type { Ending } from "../strategy/machine.ts";
import { explainBlockedProbe } from "./blocked-probe.ts";
import { explainBuiltStage } from "./built-stage.ts";
import { explainAddress } from "./explain-address.ts";
import { placeNamedKey } from "./named-key.ts";

/** The same for a version that has not run before: with the key that an instance refused, and where the image `isBuilt` here, with its stage. */
export async function explainNewVersion(
  session: Pick<Session, "clock" | "config" | "door" | "firewall" | "placeOf" | "root">,
  ending: Ending,
  isBuilt: boolean,
): Promise<Ending> {
  const placed = placeNamedKey(session, ending);
  return explainEnding(session, isBuilt ? await explainBuiltStage(session, placed) : placed);
}

/** The ending with what keeps requests from the version, where something is known. Never throws. */
export async function explainEnding(
  session: Pick<Session, "clock" | "config" | "door" | "firewall">,
  ending: Ending,
): Promise<Ending> {
  return explainAddress(session, await explainBlockedProbe(session, ending));
}
