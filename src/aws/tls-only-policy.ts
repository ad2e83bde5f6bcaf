import { isDeepStrictEqual } from "node:util";

/**
 * A bucket's policy with a statement that refuses everything but TLS, and with all that it had; undefined when it says so already.
 * `arn` is the bucket's, `policy` JSON as S3 has it, undefined for none.
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
  // A policy may have one statement without a list around it.
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
