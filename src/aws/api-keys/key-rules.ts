import type { CustomResponseBody, Rule, Statement } from "@aws-sdk/client-wafv2";
import { keyHeader } from "../../config/schema/auth.ts";

/** Name of the rule, of its metric and of its answer's body. */
export const keyRule = "no-valid-api-key";

/** Of the rule, and of its group. */
export const keyVisibility = {
  SampledRequestsEnabled: true,
  CloudWatchMetricsEnabled: true,
  MetricName: keyRule,
} as const;

/** Rules of a group that blocks each request without one of the keys, with 401. Without keys it blocks every request. */
export function keyRules(keys: readonly string[]): Rule[] {
  return [
    {
      Name: keyRule,
      Priority: 0,
      Statement: refused(keys),
      Action: {
        Block: { CustomResponse: { ResponseCode: 401, CustomResponseBodyKey: keyRule } },
      },
      VisibilityConfig: keyVisibility,
    },
  ];
}

/** What the rules answer. An update of the group must repeat it. */
export const keyBodies: Readonly<Record<string, CustomResponseBody>> = {
  [keyRule]: {
    ContentType: "APPLICATION_JSON",
    Content: JSON.stringify({ error: `The header ${keyHeader} needs a valid key.` }),
  },
};

/** The keys that these rules let pass, in their order. Undefined when they are not such rules, as after a change in the console. */
export function keysIn(rules: readonly Rule[] = []): readonly string[] | undefined {
  const [rule, ...others] = rules;
  if (rule === undefined || others.length > 0) return undefined;
  const { Statement: statement } = rule;
  const inner = statement?.NotStatement?.Statement;
  const matches = inner?.OrStatement?.Statements ?? (inner === undefined ? [] : [inner]);
  const keys = matches.map(({ ByteMatchStatement: match }) =>
    match?.SearchString === undefined ? "" : Buffer.from(match.SearchString).toString("utf8"),
  );
  const expected = keyRules(keys);
  return asText([rule]) === asText(expected) ? keys : undefined;
}

/**
 * The comparison is exact: no transformation changes the header, and a missing header matches nothing. A rule of a listener would ignore case
 * and take * and ? for wildcards. Source: ByteMatchStatement in AWS WAF's API reference.
 */
function refused(keys: readonly string[]): Statement {
  const [first, second] = keys.map((key): Statement => ({
    ByteMatchStatement: {
      SearchString: Buffer.from(key),
      FieldToMatch: { SingleHeader: { Name: keyHeader } },
      PositionalConstraint: "EXACTLY",
      TextTransformations: none,
    },
  }));
  if (first === undefined) return everything;
  return {
    NotStatement: {
      Statement: second === undefined ? first : { OrStatement: { Statements: [first, second] } },
    },
  };
}

function asText(rules: readonly Rule[]): string {
  return JSON.stringify(plain(rules));
}

/** The order of an object's keys does not matter, an empty setting counts as none, and bytes are bytes in every class. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined && one !== null)
    .map(([name, one]) => [name, plain(one)] as const);
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

const none = [{ Priority: 0, Type: "NONE" as const }];

/** Every path is at least this long. */
const everything: Statement = {
  SizeConstraintStatement: {
    FieldToMatch: { UriPath: {} },
    ComparisonOperator: "GE",
    Size: 0,
    TextTransformations: none,
  },
};
