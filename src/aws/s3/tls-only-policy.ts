import { isDeepStrictEqual } from "node:util";

/**
 * Adds a statement to a bucket's policy that denies everything but TLS; undefined when the policy already has it.
 * `arn` is the bucket's; `policy` is S3's JSON, undefined for none.
 */
export function withTlsOnly(policy: string | undefined, arn: string): string | undefined {
  const document = policy === undefined ? {} : (JSON.parse(policy) as PolicyDocument);
  const wanted = {
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  // A policy may have a single statement that is not in a list.
  const statements = [document.Statement ?? []].flat();
  if (statements.some((statement) => isDeepStrictEqual(statement, wanted))) {
    return undefined;
  }
  const others = statements.filter((statement) => statement.Sid !== sid);
  return JSON.stringify({ Version: "2012-10-17", ...document, Statement: [...others, wanted] });
}

interface PolicyDocument {
  readonly Statement?: Statement | readonly Statement[];
}

interface Statement {
  readonly Sid?: string;
}

const sid = "TlsOnly";
