import { durationText } from "../report/text.ts";
import { githubStatusLines } from "./parts/github-roles.ts";
import { domainLine, httpOnly, openLines } from "./parts/place.ts";
import { scanLines } from "./parts/status-scan.ts";
import { secretLines } from "./parts/status-secrets.ts";
import type { StatusDocument } from "./status.ts";

/** The `status` screen. */
export function statusText(document: StatusDocument, now: Date): string {
  const lines = [
    ...statusHead(document, now),
    "",
    "  instances",
    ...instanceLines(document),
    ...alarmLines(document),
    ...(document.github_roles === null ? [] : ["", ...githubStatusLines(document.github_roles)]),
  ];
  return `${lines.join("\n")}\n`;
}

function instanceLines({ instances }: StatusDocument): readonly string[] {
  if (instances.length === 0) return ["    none"];
  return instances.map(
    ({ id, zone, colour, version, state, target_health: health, reason }) =>
      `    ${id}  ${zone}  ${colour}  ${version ?? "-"}  ${state}  target ${health}${reason === "" ? "" : `  ${reason}`}`,
  );
}

function alarmLines({ alarms }: StatusDocument): readonly string[] {
  if (alarms.length === 0) return [];
  const loud = alarms.filter(({ state }) => state !== "OK" && state !== "INSUFFICIENT_DATA");
  return [
    "",
    `  alarms    ${alarms.length}, ${loud.length === 0 ? "none" : loud.length} in ALARM`,
    ...loud.map(({ name, state }) => `    ${name}  ${state}`),
  ];
}

/** The first lines of `status`: the title, then a line for each fact, with a label of ten characters after two spaces. */
export function statusHead(document: StatusDocument, now: Date): readonly string[] {
  const { name, environment, region, url, healthy, address, active, previous } = document;
  return [
    `${name} (${environment}) in ${region}`,
    `  address   ${url}  ${healthy ? "healthy" : "NOT HEALTHY"}: ${address}`,
    active === null
      ? "  active    no release has succeeded yet"
      : `  active    ${active.version} on ${active.colour}, weight ${active.weight}, ${active.digest.slice(0, 19)}`,
    ...(document.https ? [] : [`  https     no: ${httpOnly}`]),
    ...openLines(document),
    ...document.domains.map(domainLine),
    ...secretLines(document.secrets),
    ...scanLines(document),
    ...(previous === null ? [] : [`  previous  ${previous.version} on ${previous.colour}`]),
    ...releaseLines(document, now),
    ...rolloutLines(document, now),
  ];
}

function releaseLines({ release }: StatusDocument, now: Date): readonly string[] {
  if (release === null) return [];
  const { number, version, outcome, created, who, reason } = release;
  const why = reason === null ? "" : `: ${reason}`;
  return [`  release   ${number} (${version}) ${outcome} ${age(created, now)} ago by ${who}${why}`];
}

function rolloutLines({ rollout }: StatusDocument, now: Date): readonly string[] {
  if (rollout === null) return [];
  const { release, version, step, since, state, holder } = rollout;
  const time = age(since, now);
  return [
    state === "running"
      ? `  progress  release ${release} (${version}) by ${holder ?? "another run"}, at "${step}" for ${time}`
      : `  progress  release ${release} (${version}) was interrupted at "${step}" ${time} ago; infer-deploy rollback undoes it, the next release repairs it first`,
  ];
}

function age(moment: string, now: Date): string {
  return durationText(Math.max(0, (now.getTime() - Date.parse(moment)) / 1000));
}
