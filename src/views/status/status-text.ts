import { durationText } from "../../report/text.ts";
import { unconfirmedLines } from "../parts/alerts.ts";
import { expiryLines } from "../parts/expiry.ts";
import { githubStatusLines } from "../parts/github-roles.ts";
import { machineLines } from "../parts/machine.ts";
import { domainLines, httpOnly, openLines } from "../parts/place.ts";
import { attestationLines } from "../parts/status/attestations.ts";
import { alarmLines, instanceLines } from "../parts/status/lists.ts";
import { beforeStatusLines } from "../parts/status/before.ts";
import { pauseLines } from "../parts/status/pause.ts";
import { scalingLines } from "../parts/status/scaling.ts";
import { scanLines } from "../parts/status/scan.ts";
import { secretLines } from "../parts/status/secrets.ts";
import { topologyText } from "../../stack/topology-text.ts";
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

/** The first lines of `status`: the title, then a line for each fact, with a label of ten characters after two spaces. */
export function statusHead(document: StatusDocument, now: Date): readonly string[] {
  const { name, environment, region, url, healthy, address, active, previous, paused } = document;
  const health = healthy
    ? "healthy"
    : paused.some(({ answers }) => answers)
      ? "PAUSED"
      : "NOT HEALTHY";
  return [
    `${name} (${environment}) in ${region}`,
    `  address   ${url}  ${health}: ${address}`,
    ...pauseLines(document.paused, (moment) => age(moment, now)),
    ...movingLines(document),
    active === null
      ? "  active    no release has succeeded yet"
      : `  active    ${active.version} on ${active.colour}, weight ${active.weight}, ${active.digest.slice(0, 19)}`,
    ...(document.https ? [] : [`  https     no: ${httpOnly}`]),
    ...openLines(document),
    ...machineLines(document.machine),
    ...document.domains.flatMap((domain) => domainLines(domain, now)),
    ...secretLines(document.secrets),
    ...scanLines(document),
    ...expiryLines(document, now),
    ...unconfirmedLines(document.unconfirmed_emails).map((line) => `  alerts    ${line}`),
    ...scalingLines(document.scaling, (moment) => age(moment, now)),
    ...attestationLines(document),
    ...(previous === null ? [] : [`  previous  ${previous.version} on ${previous.colour}`]),
    ...releaseLines(document, now),
    ...rolloutLines(document, now),
  ];
}

function movingLines({ moves_to: to }: StatusDocument): readonly string[] {
  if (to === null) return [];
  return [`  moving    to ${topologyText(to)}, and was interrupted; infer-deploy up finishes it`];
}

function releaseLines({ release }: StatusDocument, now: Date): readonly string[] {
  if (release === null) return [];
  const { number, version, outcome, created, who, reason, before } = release;
  const why = reason === null ? "" : `: ${reason}`;
  return [
    `  release   ${number} (${version}) ${outcome} ${age(created, now)} ago by ${who}${why}`,
    ...beforeStatusLines(before),
  ];
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
