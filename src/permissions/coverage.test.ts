import { expect, test } from "vitest";
import { sourceCalls } from "../../test/_helpers/source-calls.ts";
import { nameStack } from "../stack/names.ts";
import { infrastructurePermissions } from "./infrastructure-permissions.ts";
import { releasePermissions } from "./release-permissions.ts";
import { costPermissions } from "./cost-permissions.ts";
import { cloudfrontPermissions } from "./cloudfront-permissions.ts";
import { loginPermissions } from "./login-permissions.ts";
import { machinePermissions } from "./machine-permissions.ts";
import { routingPermissions } from "./routing-permissions.ts";
import { sessionPermissions } from "./session-permissions.ts";
import { sightPermissions } from "./sight-permissions.ts";
import { wafPermissions } from "./waf-permissions.ts";

const place = {
  partition: "aws",
  region: "eu-west-1",
  account: "111122223333",
  bucket: "bucket",
  names: nameStack("app", "production", "eu-west-1"),
};
const actions = [
  ...releasePermissions(place),
  ...infrastructurePermissions(place),
  ...costPermissions(),
  ...machinePermissions(place),
  ...routingPermissions(place),
  ...sessionPermissions(place),
  ...sightPermissions(place),
  ...wafPermissions(place),
  ...loginPermissions(place),
  ...cloudfrontPermissions(place),
].flatMap((statement) => statement.actions);

test("the policy for everything has every call that this program makes itself", () => {
  const calls = sourceCalls();
  expect(calls.length).toBeGreaterThan(50);
  expect(calls.filter((call) => !actions.some((action) => allows(action, call)))).toEqual([]);
});

test("no action is listed in two statements with the same reach", () => {
  const wide = actions.filter((action) => action.endsWith("*"));
  expect(wide).toEqual(["ec2:Describe*", "elasticloadbalancing:Describe*"]);
});

function allows(action: string, call: string): boolean {
  return action.endsWith("*") ? call.startsWith(action.slice(0, -1)) : action === call;
}
