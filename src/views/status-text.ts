import type { StatusDocument } from "./status-document.ts";
import { duration } from "../report/text.ts";

/** The `status` screen. */
export function statusText(document: StatusDocument, now: Date): string {
  const lines = [
    `${document.name} (${document.environment}) in ${document.region}`,
    `  address   ${document.url}  ${document.healthy ? "healthy" : "NOT HEALTHY"}: ${document.address}`,
  ];
  if (document.active === null) {
    lines.push("  active    no release has succeeded yet");
  } else {
    const { colour, version, weight, digest } = document.active;
    lines.push(`  active    ${version} on ${colour}, weight ${weight}, ${digest.slice(0, 19)}`);
  }
  if (document.previous !== null) {
    lines.push(`  previous  ${document.previous.version} on ${document.previous.colour}`);
  }
  if (document.release !== null) {
    const { number, version, outcome, created, who, reason } = document.release;
    const age = duration(Math.max(0, (now.getTime() - Date.parse(created)) / 1000));
    lines.push(
      `  release   ${number} (${version}) ${outcome} ${age} ago by ${who}${reason === null ? "" : `: ${reason}`}`,
    );
  }
  if (document.rollout !== null) {
    const { release, version, step, since, state, holder } = document.rollout;
    const age = duration(Math.max(0, (now.getTime() - Date.parse(since)) / 1000));
    lines.push(
      state === "running"
        ? `  under way release ${release} (${version}) by ${holder ?? "somebody"}, at the step "${step}" for ${age}`
        : `  LEFT HALF-WAY release ${release} (${version}) at the step "${step}" ${age} ago; infer-deploy rollback, or the next release, puts it right`,
    );
  }
  lines.push("", "  instances");
  if (document.instances.length === 0) {
    lines.push("    none");
  }
  for (const one of document.instances) {
    lines.push(
      `    ${one.id}  ${one.zone}  ${one.colour}  ${one.version ?? "-"}  ${one.state}  target ${one.target_health}${one.reason === "" ? "" : `  ${one.reason}`}`,
    );
  }
  if (document.alarms.length > 0) {
    const loud = document.alarms.filter(
      (alarm) => alarm.state !== "OK" && alarm.state !== "INSUFFICIENT_DATA",
    );
    lines.push(
      "",
      `  alarms    ${document.alarms.length}, ${loud.length === 0 ? "none" : loud.length} in ALARM`,
    );
    lines.push(...loud.map((alarm) => `    ${alarm.name}  ${alarm.state}`));
  }
  return `${lines.join("\n")}\n`;
}
