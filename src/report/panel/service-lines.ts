import type { ColourSight, FactSight, Mood, ServiceSight, StageSight } from "../sights.ts";
import { durationText } from "../text.ts";
import { ago } from "../time-text.ts";
import { bar, sparkline } from "./bars.ts";
import { instanceLines } from "./instance-lines.ts";
import { labelled, labelWidth } from "./labels.ts";
import type { ServiceModel } from "./model.ts";
import { piece, shorten, widthOf, wrap, type Line, type Screen, type Style } from "./pieces.ts";

/** A service and the release that changes it. `most`: lines; instances that are well are left out first. */
export function serviceLines(
  model: ServiceModel,
  screen: Screen,
  now: number,
  most: number,
): readonly Line[] {
  const { sight } = model;
  const above = [
    ...sight.facts.flatMap((fact) => factLines(fact, screen)),
    ...trafficLines(sight, screen),
  ];
  const below = [
    ...probeLines(model, screen, now),
    ...alarmLines(sight, screen),
    ...(sight.stage === null ? [] : stageLines(sight.stage, screen, now)),
  ];
  const room = Math.max(2, most - above.length - below.length);
  return [...above, ...instanceLines(sight, screen, room), ...below];
}

function factLines({ label, text, mood }: FactSight, screen: Screen): readonly Line[] {
  return labelled(label, wrap(text, screen.columns - labelWidth, 3, screen), moods[mood]);
}

function trafficLines({ colours }: ServiceSight, screen: Screen): readonly Line[] {
  if (colours.length === 0) return labelled("traffic", ["no release yet"]);
  const room = screen.columns - labelWidth;
  const names = colours.map(({ version }) => shorten(version ?? "-", Math.floor(room / 3), screen));
  const nameWidth = Math.max(...names.map((name) => widthOf([{ text: name }])));
  return colours.map((colour, index) => {
    const name = names[index] ?? "";
    const pad = " ".repeat(nameWidth - widthOf([{ text: name }]));
    return [
      { text: (index === 0 ? "  traffic" : "").padEnd(labelWidth), style: "dim" },
      piece(`${colour.colour.padEnd(5)}  `, colour.colour),
      piece(`${name}${pad}  `),
      ...share(colour, room - colourWidth - nameWidth - 2, screen),
    ];
  });
}

/** The number stays where there is no room for the bar. */
function share({ colour, weight }: ColourSight, room: number, screen: Screen): Line {
  if (weight === null) return [piece("cannot be read now", "yellow")];
  const number = `${String(weight).padStart(3)} %`;
  const cells = Math.min(widestBar, room - number.length - 1);
  return cells < leastBar
    ? [piece(number.trim())]
    : [...bar(weight / 100, cells, colour, screen), piece(` ${number}`)];
}

function probeLines(
  { probes, asked, failed, lastFailure }: ServiceModel,
  screen: Screen,
  now: number,
): readonly Line[] {
  const last = probes.at(-1);
  if (last === undefined) return [];
  const room = screen.columns - labelWidth;
  const latest = last.milliseconds === null ? "" : `${Math.round(last.milliseconds)} ms`;
  const counts = failed === 0 ? `${asked} good` : `${failed} of ${asked} failed`;
  const words: Line = [
    ...(latest === "" ? [] : [piece(`${latest}, `)]),
    piece(counts, failed === 0 ? undefined : "red"),
  ];
  const cells = Math.min(widestBar, room - widthOf(words) - 2);
  const line: Line = [
    { text: "  probe".padEnd(labelWidth), style: "dim" },
    ...(cells < leastBar ? [] : [...sparkline(probes, cells, screen), { text: "  " }]),
    ...words,
  ];
  if (lastFailure === null) return [line];
  const time = ago(new Date(lastFailure.at), new Date(now));
  const text = `${time}: ${lastFailure.detail}`;
  return [line, ...labelled("", wrap(text, room, 3, screen), "red")];
}

function alarmLines({ alarms }: ServiceSight, screen: Screen): readonly Line[] {
  const { watched, on, canBeRead } = alarms;
  const room = screen.columns - labelWidth;
  if (!canBeRead) return labelled("alarms", ["they cannot be read now"], "yellow");
  if (watched === 0) return [];
  const loud = on.filter(({ expected }) => !expected);
  const quiet = on.length - loud.length;
  const expected = quiet === 0 ? "" : `, ${quiet} on while instances start`;
  const count =
    loud.length === 0
      ? `none of ${watched} on${expected}`
      : `${loud.length} of ${watched} ON${expected}`;
  return [
    ...labelled("alarms", wrap(count, room, 2, screen), loud.length === 0 ? undefined : "red"),
    ...loud.flatMap(({ name }) => labelled("", wrap(name, room, 3, screen), "red")),
  ];
}

function stageLines(stage: StageSight, screen: Screen, now: number): readonly Line[] {
  const { share: part, began, ends, deadline, trouble, undone } = stage;
  const name = part === null ? "" : `${part.number} of ${part.of}`;
  const room = screen.columns - labelWidth;
  const late =
    deadline === null
      ? ""
      : deadline <= now
        ? "out of time"
        : `${undone} unless done in ${durationText(Math.ceil((deadline - now) / 1000))}`;
  const because =
    trouble === null ? [] : labelled("because", wrap(trouble, room, 4, screen), "red");
  if (ends === null) {
    const text = [name, late].filter((one) => one !== "").join(", ");
    return [...(text === "" ? [] : labelled("stage", wrap(text, room, 2, screen))), ...because];
  }
  const left =
    ends <= now ? "waits for an answer" : `${durationText(Math.ceil((ends - now) / 1000))} left`;
  const words = [name, left].filter((one) => one !== "").join(", ");
  const cells = Math.min(widestBar, room - words.length - 2);
  const watched = ends <= began ? 1 : (now - began) / (ends - began);
  return [
    [
      { text: "  stage".padEnd(labelWidth), style: "dim" },
      ...(cells < leastBar ? [] : [...bar(watched, cells, "yellow", screen), { text: "  " }]),
      piece(words),
    ],
    ...(late === "" ? [] : labelled("", wrap(late, room, 2, screen), "dim")),
    ...because,
  ];
}

export const moods: Readonly<Record<Mood, Style | undefined>> = {
  good: undefined,
  waiting: "yellow",
  bad: "red",
};

const colourWidth = 7;
const widestBar = 40;
const leastBar = 8;
