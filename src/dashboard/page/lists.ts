import type { InstanceSight, Mood } from "../../report/sights.ts";
import type { PageAlarm, PageRelease } from "../page-document.ts";
import { element } from "./dom.ts";
import { clockText, outcomeSign, outcomeText, spanText } from "../page-words.ts";

export function instanceRows(instances: readonly InstanceSight[] | null): readonly Node[] {
  if (instances === null) return [element("li", {}, "They cannot be seen now.")];
  if (instances.length === 0) return [element("li", {}, "There is no instance.")];
  return instances.map(({ id, colour, version, state, mood }) => {
    const [word = "", ...detail] = state.split(": ");
    return element(
      "li",
      { class: "row" },
      element("span", { class: `mood ${mood}` }, `${moodSigns[mood]} ${word}`),
      element("span", { class: "tag" }, colour),
      element("b", {}, version ?? "–"),
      element("code", {}, id),
      ...(detail.length === 0 ? [] : [element("span", { class: "why" }, detail.join(": "))]),
    );
  });
}

/** Those that are on come first. `prefix`: of all their names. */
export function alarmRows(alarms: readonly PageAlarm[], prefix: string): readonly Node[] {
  if (alarms.length === 0) return [element("li", {}, "There is no alarm.")];
  return alarms
    .toSorted((one, other) => Number(other.state === "ALARM") - Number(one.state === "ALARM"))
    .map(({ name, state, reason, isExpected }) => {
      const isOn = state === "ALARM";
      const mood = isOn ? (isExpected ? "waiting" : "bad") : (alarmMoods[state] ?? "waiting");
      const word = isOn && isExpected ? "on while instances start" : (alarmWords[state] ?? state);
      return element(
        "li",
        { class: "row" },
        element("span", { class: `mood ${mood}` }, `${moodSigns[mood]} ${word}`),
        element("code", {}, name.startsWith(prefix) ? name.slice(prefix.length) : name),
        ...(isOn && !isExpected ? [element("span", { class: "why" }, reason)] : []),
      );
    });
}

/** `now`: milliseconds since 1970. */
export function historyRows(releases: readonly PageRelease[], now: number): readonly Node[] {
  if (releases.length === 0) return [element("li", {}, "There is no release yet.")];
  return releases.map((one) => {
    const took = one.ended === null ? "" : `, took ${spanText(one.ended - one.began)}`;
    const why = [one.message, one.reason].filter((text) => text !== null && text !== "");
    const how = one.kind === "release" ? (one.strategy ?? "first release") : one.kind;
    return element(
      "li",
      { class: "row release" },
      element("span", { class: "number" }, `#${one.release}`),
      element("b", {}, one.version),
      element(
        "span",
        { class: `mood ${outcomeMoods[one.outcome]}` },
        `${outcomeSign[one.outcome]} ${outcomeText[one.outcome]}`,
      ),
      element("span", { class: "tag" }, one.colour),
      element("span", {}, how),
      element("span", { class: "muted" }, `${clockText(one.began, now)}${took}, by ${one.who}`),
      ...(why.length === 0 ? [] : [element("span", { class: "why" }, why.join("; "))]),
    );
  });
}

export const moodSigns: Readonly<Record<Mood, string>> = { good: "✔", waiting: "…", bad: "✖" };

const alarmMoods: Readonly<Record<string, Mood>> = { OK: "good", MISSING: "bad" };

const alarmWords: Readonly<Record<string, string>> = {
  ALARM: "on",
  OK: "off",
  INSUFFICIENT_DATA: "no data yet",
  MISSING: "missing",
};

const outcomeMoods: Readonly<Record<PageRelease["outcome"], Mood>> = {
  "in-progress": "waiting",
  succeeded: "good",
  failed: "bad",
  "timed-out": "bad",
  "rolled-back": "bad",
  cancelled: "bad",
};
