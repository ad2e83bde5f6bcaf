import { expect, test } from "vitest";
import { judgePermissions } from "./judge-permissions.ts";

test("nothing denied", () => {
  expect(judgePermissions("release", 30, [])).toEqual({
    check: "permissions for release",
    state: "ok",
    detail: "IAM's simulator allows all 30 actions",
    next: null,
  });
});

test("a denial is a warning that names the actions by the layer that denies them", () => {
  const found = judgePermissions("up and destroy", 90, [
    { action: "ec2:CreateVpc", layer: "organisation" },
    { action: "iam:CreateRole", layer: "boundary" },
    { action: "ec2:CreateSubnet", layer: "organisation" },
  ]);
  expect(found.state).toBe("warning");
  expect(found.detail).toBe(
    "IAM's simulator denies 3 of 90 actions: ec2:CreateVpc, ec2:CreateSubnet: a policy of the organisation does not allow it; iam:CreateRole: the permissions boundary does not allow it",
  );
  expect(found.next).toContain("administrator");
});

test("a policy that is missing is the caller's own to attach", () => {
  const found = judgePermissions("release", 30, [
    { action: "ssm:PutParameter", layer: "nothing allows it" },
  ]);
  expect(found.next).toBe("attach the policy of docs/reference/iam.md");
});
