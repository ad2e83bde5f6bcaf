import type { Denial } from "../aws/account/simulate-policy.ts";
import { ok, warning, type Finding } from "./finding.ts";

/**
 * What the simulator denies of the permissions that `verbs` need. A denial is a warning and never a refusal, because the simulator
 * knows neither resource policies nor session policies.
 */
export function judgePermissions(
  verbs: string,
  actions: number,
  denials: readonly Denial[],
): Finding {
  const check = `permissions for ${verbs}`;
  if (denials.length === 0) return ok(check, `IAM's simulator allows all ${actions} actions`);
  const layers = [...new Set(denials.map(({ layer }) => layer))];
  const told = layers.map((layer) => {
    const names = denials.filter((denial) => denial.layer === layer).map(({ action }) => action);
    return `${names.join(", ")}: ${layerText[layer]}`;
  });
  return warning(
    check,
    `IAM's simulator denies ${denials.length} of ${actions} actions: ${told.join("; ")}`,
    layers.some((layer) => layer === "organisation" || layer === "boundary")
      ? "ask the account's administrator; docs/reference/iam.md has the policy that is needed"
      : "attach the policy of docs/reference/iam.md",
  );
}

const layerText: Readonly<Record<Denial["layer"], string>> = {
  organisation: "a policy of the organisation does not allow it",
  boundary: "the permissions boundary does not allow it",
  "explicit deny": "a policy denies it",
  "nothing allows it": "no policy allows it",
};
