import type { FactSight } from "../../report/sights.ts";
import type { PageDocument } from "../page-document.ts";
import { element } from "./dom.ts";
import { moodSigns } from "./lists.ts";
import { spanText } from "../page-words.ts";

/** What each colour gets now, as bars with their numbers. */
export function trafficRows(colours: PageDocument["sight"]["colours"]): readonly Node[] {
  if (colours.length === 0) return [element("li", {}, "Nothing is released yet.")];
  return colours.map(({ colour, version, weight }) => {
    const bar = element("span", { class: `bar ${colour}`, "aria-hidden": "true" });
    const filled = element("span", {});
    filled.style.width = `${weight ?? 0}%`;
    bar.append(filled);
    return element(
      "li",
      { class: "share" },
      element("span", { class: "tag" }, colour),
      element("b", {}, version ?? "–"),
      bar,
      element("span", { class: "number" }, weight === null ? "?" : `${weight} %`),
    );
  });
}

/** The release in progress; null when there is none. */
export function releaseParts({
  at,
  rollout,
  sight: { stage },
}: Pick<PageDocument, "at" | "rollout" | "sight">): readonly Node[] | null {
  if (rollout === null) return null;
  const { release, version, step, state, holder } = rollout;
  const lines: Node[] = [
    element(
      "p",
      {},
      `Release ${release}, `,
      element("b", {}, version),
      state === "running"
        ? `, by ${holder ?? "another run"}: at “${step}”`
        : `, was interrupted at “${step}”. infer-deploy rollback undoes it; the next release repairs it first.`,
    ),
  ];
  if (stage === null) return lines;
  const { began, ends, deadline, share, trouble, undone } = stage;
  if (trouble !== null) {
    lines.push(element("p", { class: "mood bad" }, `✖ Rolling back, because ${trouble}`));
  }
  if (ends !== null && state === "running") {
    const left = Math.max(0, ends - at);
    const progress = element("progress", { max: String(ends - began), "aria-label": "This stage" });
    progress.value = Math.min(at, ends) - began;
    const which = share === null ? "" : `Stage ${share.number} of ${share.of}, `;
    lines.push(element("p", {}, `${which}${spanText(left)} left`), progress);
  }
  if (deadline !== null && state === "running") {
    lines.push(
      element("p", { class: "muted" }, `${undone} unless done in ${spanText(deadline - at)}`),
    );
  }
  return lines;
}

export function factRows(facts: readonly FactSight[]): readonly Node[] {
  return facts.flatMap(({ label, text, mood }) => [
    element("dt", {}, label),
    element(
      "dd",
      mood === "good" ? {} : { class: `mood ${mood}` },
      mood === "good" ? text : `${moodSigns[mood]} ${text}`,
    ),
  ]);
}
