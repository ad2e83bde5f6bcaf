import type { PageDocument } from "../page-document.ts";
import { chartKinds } from "./chart-kinds.ts";
import { ChartView } from "./chart.ts";
import { costParts } from "./cost.ts";
import { element, part, show } from "./dom.ts";
import { alarmRows, historyRows, instanceRows } from "./lists.ts";
import { factRows, releaseParts, trafficRows } from "./overview.ts";
import { clockText } from "../page-words.ts";

const charts = chartKinds.map((kind) => ({ kind, view: new ChartView(kind) }));
part("charts").append(...charts.map(({ view }) => view.figure));

function draw(page: PageDocument): void {
  document.title = `${page.healthy ? "" : "✖ "}${page.name} (${page.environment})`;
  show("name", page.name, (name) => [name]);
  show("place", [page.environment, page.region, page.url], ([environment, region, url]) => [
    `${environment} in ${region} · `,
    element("a", { href: url ?? "", rel: "noreferrer", target: "_blank" }, url ?? ""),
  ]);
  show("health", page.healthy, (healthy) => [
    element(
      "span",
      { class: `mood ${healthy ? "good" : "bad"}` },
      healthy ? "✔ healthy" : "✖ not healthy",
    ),
  ]);
  const release = releaseParts(page);
  part("release").hidden = release === null;
  part("release-body").replaceChildren(...(release ?? []));
  show("traffic", page.sight.colours, trafficRows);
  show("instances", page.sight.instances, instanceRows);
  const prefix = `${page.name}-${page.environment}-`;
  show("alarms", page.alarms, (alarms) => alarmRows(alarms, prefix));
  if (page.cost !== null) show("cost", page.cost, costParts);
  show("history", page.releases, (releases) => historyRows(releases, page.at));
  show("facts", warned(page), factRows);
  for (const { kind, view } of charts) {
    const { from, to } = page.charts;
    view.update({
      chart: page.charts[kind.id],
      axis: { from, to },
      releases: page.releases,
      now: page.at,
    });
  }
  part("at").textContent = `As of ${clockText(page.at, page.at, true)}`;
}

function warned({ facts, warnings }: PageDocument): PageDocument["facts"] {
  return [
    ...facts,
    ...warnings.map((text) => ({ label: "warning", text, mood: "waiting" as const })),
  ];
}

function complain(text: string | undefined): void {
  const place = part("trouble");
  place.hidden = text === undefined;
  if (place.textContent !== (text ?? "")) place.textContent = text ?? "";
  document.body.classList.toggle("stale", text !== undefined);
}

const events = new EventSource("/events");
events.addEventListener("page", ({ data }: MessageEvent<string>) => {
  draw(JSON.parse(data) as PageDocument);
});
events.addEventListener("trouble", ({ data }: MessageEvent<string>) => {
  const { text } = JSON.parse(data) as { readonly text?: string };
  complain(text === undefined ? undefined : `The stack could not be looked at: ${text}`);
});
events.addEventListener("error", () => {
  complain(
    "infer-deploy dashboard has ended, or cannot be reached. Run it again for another address.",
  );
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const { view } of charts) view.redraw();
});
