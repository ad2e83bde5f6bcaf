import type { StackNames } from "../stack/names.ts";

/** Where a stack is, for the ARNs of what it consists of. */
export interface Place {
  /** `aws`, or `aws-cn` and the like. */
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly bucket: string;
  readonly names: StackNames;
}

/** One statement of an IAM policy that allows something. */
export interface Statement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** IAM's condition block: operator, then key, then values. */
  readonly condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

/** The policy document that IAM takes. */
export function policyDocument(statements: readonly Statement[]): {
  readonly Version: string;
  readonly Statement: readonly object[];
} {
  return {
    Version: "2012-10-17",
    Statement: statements.map(({ sid, actions, resources, condition }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(condition === undefined ? {} : { Condition: condition }),
    })),
  };
}
