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
