import {
  SimulatePrincipalPolicyCommand,
  type ContextEntry,
  type EvaluationResult,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { everyItem } from "../every-item.ts";

/** An action that the simulation denies. */
export interface Denial {
  readonly action: string;
  /** What denies it: `organisation` is a service control policy, `nothing allows it` an identity policy that is missing. */
  readonly layer: "organisation" | "boundary" | "explicit deny" | "nothing allows it";
}

/** A set of actions on the same resources. */
export interface Request {
  readonly actions: readonly string[];
  /** ARNs, or `*` alone. */
  readonly resources: readonly string[];
  /** Under which conditions they are allowed: operator, then key, then values. */
  readonly condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

/**
 * What IAM's simulator denies of a request; an action counts as denied when it is denied on any of the resources.
 * The simulator knows neither resource policies nor session policies, so it may be wrong either way.
 * `principal`: the ARN of a user or a role, not of a session (SimulatePrincipalPolicy).
 */
export async function simulateRequest(
  iam: Pick<IAMClient, "send">,
  { principal, region }: { readonly principal: string; readonly region: string },
  { actions, resources, condition = {} }: Request,
  abortSignal: AbortSignal,
): Promise<readonly Denial[]> {
  const denials = new Map<string, Denial>();
  for (let start = 0; start < actions.length; start += actionsInCall) {
    const results = await everyItem(async (Marker) => {
      const page = await iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: principal,
          ActionNames: actions.slice(start, start + actionsInCall),
          ResourceArns: [...resources],
          ContextEntries: contextEntries(region, condition),
          Marker,
        }),
        { abortSignal },
      );
      return {
        items: page.EvaluationResults,
        next: page.IsTruncated === true ? page.Marker : undefined,
      };
    });
    for (const denial of results.flatMap(denialOf)) denials.set(denial.action, denial);
  }
  return [...denials.values()];
}

/**
 * Many organisations deny by region, and without its entry the simulator would deny everything. A request also has what its own
 * statement's condition wants: without that, the simulator would deny what the very policy allows.
 */
function contextEntries(
  region: string,
  condition: NonNullable<Request["condition"]>,
): ContextEntry[] {
  const wanted = Object.values(condition).flatMap((keys) => Object.entries(keys));
  const values = new Map([
    ...wanted.map(([key, value]) => [key, [value].flat()[0]?.replaceAll("*", "") ?? ""] as const),
    ["aws:RequestedRegion", region] as const,
  ]);
  return [...values].map(([ContextKeyName, value]) => ({
    ContextKeyName,
    ContextKeyType: "string",
    ContextKeyValues: [value],
  }));
}

function denialOf(result: EvaluationResult): readonly Denial[] {
  const action = result.EvalActionName ?? "";
  const { OrganizationsDecisionDetail: organisation, PermissionsBoundaryDecisionDetail: boundary } =
    result;
  if (result.EvalDecision === "allowed") return [];
  if (organisation?.AllowedByOrganizations === false) return [{ action, layer: "organisation" }];
  if (boundary?.AllowedByPermissionsBoundary === false) return [{ action, layer: "boundary" }];
  return [
    {
      action,
      layer: result.EvalDecision === "explicitDeny" ? "explicit deny" : "nothing allows it",
    },
  ];
}

/**
 * The ARN that the simulator takes for the caller: a session's ARN names its role without the role's path, so IAM is asked for it.
 * undefined for the account's root user and for federated users, which the simulator does not take.
 */
export async function principalOf(
  getRole: (name: string) => Promise<string | undefined>,
  caller: string,
): Promise<string | undefined> {
  const session = /^arn:[\w-]+:sts::\d+:assumed-role\/([^/]+)\//.exec(caller);
  if (session?.[1] !== undefined) return getRole(session[1]);
  return /^arn:[\w-]+:iam::\d+:(user|role)\//.test(caller) ? caller : undefined;
}

/** The most that one call takes, by the guide of the simulator's API. */
const actionsInCall = 100;
