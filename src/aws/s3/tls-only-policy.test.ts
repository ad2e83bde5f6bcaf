import { expect, test } from "vitest";
import { withTlsOnly } from "./tls-only-policy.ts";

const arn = "arn:aws-cn:s3:::infer-deploy-1-cn-north-1";
const own = {
  Sid: "Audit",
  Effect: "Allow",
  Principal: { AWS: "1" },
  Action: "s3:Get*",
  Resource: arn,
};

function statements(policy: string | undefined) {
  return (JSON.parse(policy ?? "{}") as { readonly Statement: readonly { Sid: string }[] })
    .Statement;
}

test("a bucket without a policy refuses everything but TLS, in its own partition", () => {
  expect(statements(withTlsOnly(undefined, arn))).toEqual([
    expect.objectContaining({
      Effect: "Deny",
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    }),
  ]);
});

test("a user's own statements stay, also a single one without a list", () => {
  for (const Statement of [own, [own]]) {
    const policy = withTlsOnly(JSON.stringify({ Version: "2012-10-17", Statement }), arn);
    expect(statements(policy).map(({ Sid }) => Sid)).toEqual(["Audit", "TlsOnly"]);
  }
});

test("a policy that says so already is left alone, one that was weakened is not", () => {
  const policy = withTlsOnly(JSON.stringify({ Version: "2012-10-17", Statement: [own] }), arn);
  expect(withTlsOnly(policy, arn)).toBeUndefined();
  const weak = policy?.replace(`"${arn}/*"`, `"${arn}/x"`);
  expect(withTlsOnly(weak, arn)).toBe(policy);
});
