import type { Session } from "../session.ts";
import type { Ending } from "../strategy/machine.ts";

/** The ending with the place of the key that an instance refused, such as container.cache.path: the release has it from infer-deploy.yml. */
export function placeNamedKey(session: Pick<Session, "placeOf">, ending: Ending): Ending {
  const { failure } = ending;
  const [, key] = refusal.exec(failure?.cause ?? "") ?? [];
  if (failure === null || key === undefined) return ending;
  const place = session.placeOf(key.split("."));
  return { ...ending, failure: { ...failure, where: `${place}, ${failure.where}` } };
}

/** The agent's words; see folders.py, container.py and weights.py. */
const refusal = /\b((?:container|model)(?:\.[a-z0-9_]+)+)(?: has | asks for |, or the file)/;
