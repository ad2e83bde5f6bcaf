import type { SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import { expect, test } from "vitest";
import { policyDocument } from "../../permissions/policy-document.ts";
import { infrastructurePermissions } from "../../permissions/infrastructure-permissions.ts";
import { releasePermissions } from "../../permissions/release-permissions.ts";
import { nameStack } from "../../stack/names.ts";
import { principalOf, simulateRequest } from "./simulate-policy.ts";

/** Answers as the simulator does: page by page, and at most 100 actions a call. */
function simulator(decide: (action: string) => object) {
  const calls: { readonly actions: readonly string[]; readonly region: string }[] = [];
  return {
    calls,
    iam: {
      send: async ({ input }: SimulatePrincipalPolicyCommand) => {
        const { ActionNames: actions = [], ContextEntries: context = [] } = input;
        if (actions.length > 100) throw new Error("at most 100 actions");
        const half = Math.ceil(actions.length / 2);
        const isSecond = input.Marker === "second";
        if (!isSecond) {
          calls.push({ actions, region: context[0]?.ContextKeyValues?.[0] ?? "" });
        }
        const page = isSecond ? actions.slice(half) : actions.slice(0, half);
        return {
          EvaluationResults: page.map((EvalActionName) => ({
            EvalActionName,
            EvalDecision: "allowed",
            ...decide(EvalActionName),
          })),
          IsTruncated: !isSecond,
          Marker: isSecond ? undefined : "second",
        };
      },
    } as never,
  };
}

/** Answers as the simulator does about a caller with exactly this policy. */
function simulatorOf(policy: object) {
  return {
    send: async ({ input }: SimulatePrincipalPolicyCommand) => {
      const { ActionNames = [], ResourceArns = [], ContextEntries = [] } = input;
      const contextVariables = Object.fromEntries(
        ContextEntries.map(({ ContextKeyName = "", ContextKeyValues: [value = ""] = [] }) => [
          ContextKeyName,
          value,
        ]),
      );
      const decide = (action: string, resource: string): string =>
        runUnsafeSimulation(
          {
            request: {
              principal: caller.principal,
              action,
              resource: { resource, accountId: "123456789012" },
              contextVariables,
            },
            identityPolicies: [{ name: "own", policy }],
            serviceControlPolicies: [],
            resourceControlPolicies: [],
          },
          {},
        );
      return {
        EvaluationResults: ActionNames.flatMap((EvalActionName) =>
          ResourceArns.map((resource) => ({
            EvalActionName,
            EvalDecision:
              decide(EvalActionName, resource) === "Allowed" ? "allowed" : "implicitDeny",
          })),
        ),
      };
    },
  } as never;
}

const caller = { principal: "arn:aws:iam::123456789012:role/ci", region: "eu-west-1" };
const signal = new AbortController().signal;

test("all pages are read, 100 actions a call, and the region is in the context", async () => {
  const actions = Array.from({ length: 130 }, (_, index) => `ec2:Action${index}`);
  const { iam, calls } = simulator((action) =>
    action.endsWith("9") ? { EvalDecision: "implicitDeny" } : {},
  );
  const denials = await simulateRequest(iam, caller, { actions, resources: ["*"] }, signal);
  expect(denials).toHaveLength(13);
  expect(calls.map(({ actions: some, region }) => [some.length, region])).toEqual([
    [100, "eu-west-1"],
    [30, "eu-west-1"],
  ]);
});

test("a caller with exactly the policies of the page is denied nothing, also under their conditions", async () => {
  const place = {
    partition: "aws",
    region: caller.region,
    account: "123456789012",
    bucket: "bucket",
    names: nameStack("app", "production", caller.region),
  };
  for (const statements of [releasePermissions(place), infrastructurePermissions(place)]) {
    const iam = simulatorOf(policyDocument(statements));
    for (const statement of statements) {
      expect(await simulateRequest(iam, caller, statement, signal), statement.sid).toEqual([]);
    }
  }
});

test.each([
  [{ EvalDecision: "implicitDeny" }, "nothing allows it"],
  [{ EvalDecision: "explicitDeny" }, "explicit deny"],
  [
    {
      EvalDecision: "implicitDeny",
      OrganizationsDecisionDetail: { AllowedByOrganizations: false },
    },
    "organisation",
  ],
  [
    {
      EvalDecision: "implicitDeny",
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    },
    "boundary",
  ],
])("%j is denied by: %s", async (answer, layer) => {
  const { iam } = simulator(() => answer);
  const request = { actions: ["ec2:CreateVpc"], resources: ["*"] };
  expect(await simulateRequest(iam, caller, request, signal)).toEqual([
    { action: "ec2:CreateVpc", layer },
  ]);
});

test("a session is simulated as its role, with the role's path", async () => {
  const getRole = async (name: string) => `arn:aws:iam::123456789012:role/teams/${name}`;
  const session = "arn:aws:sts::123456789012:assumed-role/ci/GitHubActions";
  expect(await principalOf(getRole, session)).toBe("arn:aws:iam::123456789012:role/teams/ci");
});

test("a user is simulated as such, and the root user not at all", async () => {
  const getRole = async () => undefined;
  const user = "arn:aws:iam::123456789012:user/ana";
  expect(await principalOf(getRole, user)).toBe(user);
  expect(await principalOf(getRole, "arn:aws:iam::123456789012:root")).toBeUndefined();
});
