import { judgeAlarms } from "../../release/observe/alarms.ts";
import type { Snapshot } from "../../release/observe/snapshot.ts";
import { alarmsSight, colourSights, instanceSights, stageSight } from "../../release/run/sight.ts";
import { strategies } from "../../release/strategy/strategies.ts";
import type { ColourSight, FactSight, ServiceSight, StageSight } from "../../report/sights.ts";
import { colours } from "../../stack/colour.ts";
import type { JournalDocument } from "../../state/journal.ts";
import { statusHead } from "./status-text.ts";
import type { StatusDocument } from "./status.ts";

/** What one look of `status --watch` shows. */
export interface StatusSources {
  readonly document: StatusDocument;
  readonly snapshot: Snapshot;
  readonly journal: JournalDocument | undefined;
  readonly now: Date;
  /** How long the address took to answer. */
  readonly milliseconds: number;
}

/** `status --watch` as the panel of a release, with the facts of `status` above it. */
export function statusSight(sources: StatusSources): ServiceSight {
  const { document, snapshot, journal, now, milliseconds } = sources;
  const open = document.rollout === null ? undefined : journal;
  const at = now.getTime();
  const { answered: good, detail } = snapshot.address;
  return {
    at,
    facts: facts(document, now),
    colours:
      open === undefined ? settled(document, snapshot) : colourSights(open.plan, snapshot.weights),
    instances: instanceSights(snapshot.instances, snapshot.weights),
    alarms: alarmsSight(
      { watched: snapshot.alarms.length, on: judgeAlarms(snapshot.alarms) },
      open?.plan,
      [],
      snapshot.weights,
    ),
    probes: [{ at, good, detail, milliseconds }],
    stage: open === undefined ? null : stage(open, snapshot),
  };
}

/** The picture shows the shares itself. */
function facts(document: StatusDocument, now: Date): readonly FactSight[] {
  const [title = "", ...lines] = statusHead(document, now);
  const isWell = (label: string): boolean =>
    label === "address"
      ? document.healthy
      : label === "paused"
        ? document.paused.every(({ state }) => state !== "unfinished")
        : label !== "progress" || document.rollout?.state === "running";
  return [
    { label: "service", text: title, mood: "good" as const },
    ...lines.map((line): FactSight => {
      const label = line.slice(2, labelEnd).trim();
      return { label, text: line.slice(labelEnd), mood: isWell(label) ? "good" : "bad" };
    }),
  ].filter(({ label }) => label !== "active" && label !== "previous");
}

function settled(
  { active, previous }: StatusDocument,
  { weights }: Snapshot,
): readonly ColourSight[] {
  return colours.flatMap((colour) => {
    const found = [active, previous].find((one) => one?.colour === colour);
    return found || weights[colour] > 0
      ? [{ colour, version: found?.version ?? null, weight: weights[colour] }]
      : [];
  });
}

/** The journal has no number of the share, so the weights say which one it is. */
function stage(
  { at, plan, release, step, turned }: JournalDocument,
  snapshot: Snapshot,
): StageSight {
  const strategy = strategies[plan.strategy];
  const entered = Date.parse(at);
  const share = snapshot.weights[plan.to.colour];
  const began = snapshot.releases.find((one) => one.release === release)?.created ?? at;
  const state = {
    ...strategy.machine.start(plan, Date.parse(began)),
    step,
    entered,
    stage: Math.max(
      0,
      plan.stages.findIndex(({ weight }) => weight === share),
    ),
    outcome: turned?.outcome ?? null,
    failure: turned === undefined ? null : { cause: turned.cause, where: "", detail: [] },
  };
  return stageSight(plan, state, strategy.facts(plan, state));
}

const labelEnd = 12;
