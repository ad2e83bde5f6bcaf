import { type ActionAnswer, readAction, type RuleAction } from "./rule-action.ts";

/** A rule of a rule group of the account. The engine reads these fields: sandbox/region/waf/statement.go. */
export interface OwnRule {
  readonly name: string;
  readonly action: RuleAction;
  /** The answer to what it blocks; 403 without it. */
  readonly status?: number;
  readonly body?: ResponseBody;
  readonly statement: OwnStatement;
}

export interface ResponseBody {
  /** A media type. */
  readonly type: string;
  readonly text: string;
}

export type OwnStatement =
  | { readonly not: OwnStatement }
  | { readonly and: readonly OwnStatement[] }
  | { readonly or: readonly OwnStatement[] }
  /** `equals` in base64: AWS WAF compares bytes. */
  | { readonly header: string; readonly equals: string }
  | { readonly always: true };

/** A rule group as GetRuleGroup returns it, as far as it is read. */
export interface RuleGroupAnswer {
  readonly Rules: readonly {
    readonly Name: string;
    readonly Priority: number;
    readonly Action?: ActionAnswer | null;
    readonly Statement: StatementAnswer;
  }[];
  readonly CustomResponseBodies?: Readonly<
    Record<string, { readonly ContentType: string; readonly Content: string }>
  > | null;
}

interface StatementAnswer {
  readonly NotStatement?: { readonly Statement: StatementAnswer };
  readonly AndStatement?: { readonly Statements: readonly StatementAnswer[] };
  readonly OrStatement?: { readonly Statements: readonly StatementAnswer[] };
  readonly ByteMatchStatement?: {
    readonly SearchString: string;
    readonly FieldToMatch: { readonly SingleHeader?: { readonly Name: string } };
    readonly PositionalConstraint: string;
    readonly TextTransformations: readonly { readonly Type: string }[];
  };
  readonly SizeConstraintStatement?: {
    readonly FieldToMatch: { readonly UriPath?: object };
    readonly ComparisonOperator: string;
    readonly Size: number;
  };
}

/** Undefined when a rule has a statement or an action that the engine does not know. */
export function readRuleGroup({
  Rules,
  CustomResponseBodies: bodies,
}: RuleGroupAnswer): readonly OwnRule[] | undefined {
  const read = Rules.toSorted((one, other) => one.Priority - other.Priority).map((rule) => {
    const action = readAction(rule.Action);
    const statement = readStatement(rule.Statement);
    const answer = rule.Action?.Block?.CustomResponse;
    const body = bodies?.[answer?.CustomResponseBodyKey ?? ""];
    return action === undefined || statement === undefined
      ? undefined
      : {
          name: rule.Name,
          action,
          ...(answer ? { status: answer.ResponseCode } : {}),
          ...(body === undefined
            ? {}
            : { body: { type: mediaTypes[body.ContentType] ?? "text/plain", text: body.Content } }),
          statement,
        };
  });
  return read.includes(undefined) ? undefined : read.filter((rule) => rule !== undefined);
}

function readStatement(answer: StatementAnswer): OwnStatement | undefined {
  if (answer.NotStatement !== undefined) {
    const not = readStatement(answer.NotStatement.Statement);
    return not && { not };
  }
  if (answer.AndStatement !== undefined) {
    const and = readAll(answer.AndStatement.Statements);
    return and && { and };
  }
  if (answer.OrStatement !== undefined) {
    const or = readAll(answer.OrStatement.Statements);
    return or && { or };
  }
  const { ByteMatchStatement: match, SizeConstraintStatement: size } = answer;
  const header = match?.FieldToMatch.SingleHeader?.Name.toLowerCase();
  const isExact =
    match?.PositionalConstraint === "EXACTLY" &&
    match.TextTransformations.every(({ Type }) => Type === "NONE");
  if (match !== undefined && header !== undefined && isExact) {
    return { header, equals: match.SearchString };
  }
  // Every path is that long.
  const isEverything =
    size?.FieldToMatch.UriPath !== undefined && size.ComparisonOperator === "GE" && size.Size === 0;
  return isEverything ? { always: true } : undefined;
}

function readAll(answers: readonly StatementAnswer[]): readonly OwnStatement[] | undefined {
  const read = answers.map(readStatement).filter((one) => one !== undefined);
  return read.length === answers.length ? read : undefined;
}

const mediaTypes: Readonly<Record<string, string>> = {
  APPLICATION_JSON: "application/json",
  TEXT_HTML: "text/html",
  TEXT_PLAIN: "text/plain",
};
