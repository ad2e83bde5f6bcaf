import {
  runSimulation,
  runUnsafeSimulation,
  type EvaluationResult,
  type Simulation,
} from "@cloud-copilot/iam-simulate";
import type { Place } from "../../src/permissions/statement.ts";
import type { PolicyDocument } from "../../src/permissions/policy-document.ts";
import { policyRequests, type PolicyRequest } from "./policy-requests.ts";
import type { RecordedCall } from "./recorded-calls.ts";

/**
 * Evaluates policies against the calls that a program has made: `denied` are the requests that an identity with just these policies may
 * not make, as lines for a person, and `unused` the actions that no call needs. `otherCalls`: actions that count as used as well.
 * Throws when the simulator does not know an action or a resource.
 */
export async function examinePolicies(
  policies: readonly PolicyDocument[],
  calls: readonly RecordedCall[],
  place: Place,
  otherCalls: readonly string[] = [],
): Promise<{ readonly denied: readonly string[]; readonly unused: readonly string[] }> {
  const requests = policyRequests(calls, place);
  const denied = await Promise.all(
    requests.map(async (request) => {
      const result = await simulate(policies, request, place.account);
      const { action, resource, context } = request;
      return result === "Allowed" ? [] : [`${action} on ${resource} ${JSON.stringify(context)}`];
    }),
  );
  const used = [...requests.map(({ action }) => action), ...otherCalls];
  const granted = policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
  return {
    denied: denied.flat(),
    unused: [...new Set(granted)].filter((action) => !used.some((one) => covers(action, one))),
  };
}

function covers(granted: string, action: string): boolean {
  return granted.endsWith("*") ? action.startsWith(granted.slice(0, -1)) : granted === action;
}

async function simulate(
  policies: readonly PolicyDocument[],
  request: PolicyRequest,
  account: string,
): Promise<EvaluationResult> {
  const { action, resource, context } = request;
  const simulation: Simulation = {
    request: {
      principal: `arn:aws:iam::${account}:user/person`,
      action,
      resource: { resource, accountId: account },
      contextVariables: { ...context },
    },
    identityPolicies: policies.map((policy, index) => ({ name: `policy ${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
  const answer = await runSimulation(simulation, {});
  if (answer.resultType !== "error") return answer.overallResult;
  const { message } = answer.errors;
  // The call names a resource, but IAM compares the action with `*` only.
  if (message === "must.use.wildcard" && resource !== "*") {
    return simulate(policies, { ...request, resource: "*" }, account);
  }
  if (message === "no.resource.types" && unknownResources.test(`${action} ${resource}`)) {
    return runUnsafeSimulation(simulation, {});
  }
  throw new Error(`${action} on ${resource}: ${JSON.stringify(answer.errors)}`);
}

/** What the simulator's data lacks: the tagged resources of load balancers that are not classic, and AWS's own parameters, which have no account. */
const unknownResources =
  /^elasticloadbalancing:\w+Tags |^ssm:GetParameter arn:[\w-]+:ssm:[\w-]+::parameter\/aws\//;
