import { expect, test } from "vitest";
import type { Diagnostic } from "./terraform-events.ts";
import {
  failureOf,
  keysEndedError,
  StateLockedError,
  significantErrors,
  stoppedError,
} from "./terraform-failure.ts";

function fail(...diagnostics: readonly Partial<Diagnostic>[]) {
  const full = diagnostics.map(
    (given) => ({ severity: "error", summary: "", detail: "", ...given }) as const,
  );
  return failureOf({
    command: "terraform apply",
    diagnostics: full,
    exitCode: 1,
    said: ["a", "b"],
  });
}

function awsError(code: string, message = "words"): string {
  return `creating EC2 VPC: operation error EC2: CreateVpc, https response error StatusCode: 400, RequestID: req-1, api error ${code}: ${message}`;
}

test("a denied call names the permission, the identity, the resource, its line and the request", () => {
  const error = fail({
    summary: awsError(
      "UnauthorizedOperation",
      "User: arn:aws:iam::1:user/ada is not authorized to perform: ec2:CreateVpc on resource: *",
    ),
    address: "module.network.aws_vpc.this",
    position: "modules/network/main.tf:12",
  });
  expect(error.message).toBe("AWS does not allow these credentials to call ec2:CreateVpc");
  expect(error.where).toBe("module.network.aws_vpc.this (modules/network/main.tf:12)");
  expect(error.why).toContain("req-1");
  expect(error.next).toBe(
    "Allow ec2:CreateVpc to arn:aws:iam::1:user/ada, then run the same command again.",
  );
  expect(error.exitCode).toBe(1);
});

test.each([
  ["ExpiredToken", "The AWS credentials have expired"],
  [
    "InvalidSignatureException",
    "AWS refused the signature: this machine's clock is probably wrong",
  ],
  ["InvalidClientTokenId", "There are no valid AWS credentials"],
  ["AccessDenied", "AWS does not allow these credentials to call EC2 CreateVpc"],
  ["RequestLimitExceeded", "AWS throttled the calls, and the retries ran out"],
  ["ThrottlingException", "AWS throttled the calls, and the retries ran out"],
  ["VpcLimitExceeded", "A quota of the AWS account is used up"],
  ["TooManyLoadBalancers", "A quota of the AWS account is used up"],
  ["NotAvailableInZone", "This availability zone has no NAT gateways"],
  ["InsufficientInstanceCapacity", "AWS has no capacity for this instance type in these zones now"],
  [
    "EntityAlreadyExists",
    "A resource with this name exists already and is not in this stack's state",
  ],
  [
    "DuplicateLoadBalancerName",
    "A resource with this name exists already and is not in this stack's state",
  ],
  [
    "InvalidGroup.Duplicate",
    "A resource with this name exists already and is not in this stack's state",
  ],
  ["DependencyViolation", "Something outside this stack still uses the resource"],
  ["NoSuchBucket", "The state bucket does not exist"],
])("%s: %s", (code, message) => {
  const error = fail({ summary: awsError(code) });
  expect(error.message).toBe(message);
  expect(error.next).not.toBe("");
});

test.each([
  ["No valid credential sources found", "There are no valid AWS credentials"],
  [
    "failed to refresh cached credentials, refresh cached SSO token failed",
    "The AWS credentials have expired",
  ],
  ["request send failed, dial tcp: lookup sts: no such host", "AWS could not be reached"],
  ["Failed to query available provider packages", "The AWS provider could not be downloaded"],
  ["Saved plan is stale", "The state changed after this plan was made"],
])("without a code: %s", (summary, message) => {
  expect(fail({ summary }).message).toBe(message);
});

test("an unknown error of AWS has a next step all the same", () => {
  expect(fail({ summary: awsError("OddState") }).next).toContain("run the same command again");
});

test("an unknown error keeps terraform's words", () => {
  const error = fail({
    summary: "Invalid index",
    detail: "The given key\ndoes not identify an element.",
    position: "main.tf:3",
  });
  expect(error).toMatchObject({
    message: "terraform apply: Invalid index",
    where: "(main.tf:3)",
    why: "The given key does not identify an element.",
    next: undefined,
  });
  expect(fail({ summary: "Invalid index" })).toMatchObject({
    message: "terraform apply: Invalid index",
    why: undefined,
  });
});

test("further errors follow once each, without echoes and warnings", () => {
  const error = fail(
    { summary: "first" },
    { summary: "execution halted" },
    { summary: "first" },
    { severity: "warning", summary: "old" },
    ...Array.from({ length: 10 }, (_, index) => ({ summary: `s${index}`, address: `a${index}` })),
  );
  expect(error.detail).toHaveLength(9);
  expect(error.detail[0]).toBe("also a0: s0");
  expect(error.detail[8]).toBe("and 2 more");
  expect(
    significantErrors([{ severity: "error", summary: "execution halted", detail: "" }]),
  ).toEqual([]);
});

test("a state that could not be saved comes first, with the reason", () => {
  const error = fail(
    { summary: "creating VPC", address: "aws_vpc.this" },
    { summary: "Failed to save state", detail: "Error saving state: no such host" },
    {
      summary: "Failed to persist state to backend",
      detail: 'It has been written to the file "errored.tfstate" in the current directory.',
    },
  );
  expect(error.message).toBe(
    "The state could not be saved to the bucket; it is in errored.tfstate",
  );
  expect(error.why).toBe("Error saving state: no such host");
  expect(error.detail).toEqual(["also aws_vpc.this: creating VPC"]);
});

test("no diagnostic at all: the last lines it said", () => {
  expect(fail()).toMatchObject({
    message: "terraform apply gave no reason",
    why: "exit code 1",
    detail: ["a", "b"],
  });
  const killed = failureOf({
    command: "terraform apply",
    diagnostics: [],
    exitCode: 137,
    said: [],
  });
  expect(killed.message).toBe("terraform apply was killed by signal 9");
  const lost = failureOf({ command: "terraform apply", diagnostics: [], exitCode: 137, said: [] }, [
    "aws_vpc.a",
  ]);
  expect(lost.detail).toContain("aws_vpc.a");
});

test("stopped: terraform's echoes of the interrupt are no news, a state it could not save is", () => {
  const interrupted: readonly Diagnostic[] = [
    { severity: "error", summary: "local-exec provisioner error", detail: "signal: killed" },
    { severity: "error", summary: "execution halted", detail: "" },
  ];
  const failure = { command: "terraform apply", diagnostics: interrupted, exitCode: 1, said: [] };
  expect(stoppedError(failure, "SIGTERM")).toMatchObject({
    message:
      "terraform apply was stopped: it finished what was in flight, saved its state and released its lock",
    exitCode: 143,
    detail: [],
  });
  expect(stoppedError({ ...failure, exitCode: 0 }, "SIGINT").message).toMatch(/had just finished/);
  expect(stoppedError({ ...failure, exitCode: 130 }, "SIGINT").message).toMatch(/had not begun/);
  expect(stoppedError({ ...failure, exitCode: 137 }, "SIGINT").message).toMatch(/was killed while/);
  const plan = { ...failure, command: "terraform plan" };
  expect(stoppedError(plan, "SIGINT").message).toBe(
    "terraform plan was stopped: nothing was changed",
  );
  const unsaved: Diagnostic = {
    severity: "error",
    summary: "Failed to save state",
    detail: "no such bucket",
  };
  expect(
    stoppedError({ ...failure, diagnostics: [...interrupted, unsaved] }, "SIGINT"),
  ).toMatchObject({
    message: "terraform apply was stopped and could not save its state",
    why: "no such bucket",
    exitCode: 130,
  });
});

test("a lock has its holder, its time and exit code 5", () => {
  const lock = {
    id: "l1",
    operation: "OperationTypePlan",
    who: "ada@laptop",
    created: "2026-11-23T15:05:08Z",
  };
  expect(
    new StateLockedError(
      lock,
      { holder: "its process is gone", isDead: true, next: "release it" },
      ["aws_vpc.a (vpc-1)"],
    ),
  ).toMatchObject({
    message: "The stack's state is locked by ada@laptop since 2026-11-23T15:05:08Z",
    why: "plan, lock l1; its process is gone",
    next: "release it",
    detail: [
      "created in AWS, but not in the state (delete or terraform import):",
      "aws_vpc.a (vpc-1)",
    ],
    exitCode: 5,
  });
});

test("without a reason, the log is named where there is one", () => {
  const failure = { command: "terraform plan", diagnostics: [], exitCode: 1, said: [] };
  expect(failureOf(failure).next).toContain("TF_LOG=debug");
  expect(failureOf({ ...failure, log: "/w/terraform.log" }).next).toContain("/w/terraform.log");
});

test.each([
  [[awsError("ExpiredToken")]],
  [["retry quota exceeded", awsError("VpcLimitExceeded"), awsError("ExpiredToken")]],
])("a state that could not be saved because the keys ended names them", ([detail, ...others]) => {
  const error = fail(
    ...others.map((other) => ({ summary: "creating", detail: other })),
    { summary: "Failed to save state", detail: detail ?? "" },
    { summary: "Failed to persist state", detail: 'written to the file "errored.tfstate"' },
  );
  expect(error.next).toMatch(
    /^The AWS credentials have expired\. Renew them .*It saves errored\.tfstate first/,
  );
});

test("a command whose keys ended names what gives new ones, and where its state is", () => {
  const unsaved = { severity: "error", summary: "Failed to save state", detail: "" } as const;
  const failure = { command: "terraform apply", diagnostics: [unsaved], exitCode: 1, said: [] };
  const error = keysEndedError(failure, "aws sso login");
  expect(error.why).toContain("errored.tfstate");
  expect(error.next).toBe("aws sso login; then run the same command again");
  expect(keysEndedError({ ...failure, diagnostics: [] }, "").why).not.toContain("errored.tfstate");
});
