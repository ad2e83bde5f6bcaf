/** A request that matched rules of a web ACL, from the engine's output (sandbox/region/waf/main.go). */
export interface MatchedRequest {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The web ACL's ARN. */
  readonly acl: string;
  /** What happened to the request: BLOCK or ALLOW. */
  readonly action: string;
  readonly matches: readonly MatchedRule[];
  readonly client: string;
  readonly method: string;
  /** The path alone. */
  readonly uri: string;
  /** The query, without the question mark. */
  readonly args: string;
  readonly version: string;
  /** Names and values, of harmless headers only. */
  readonly headers: readonly (readonly [string, string])[];
}

export interface MatchedRule {
  readonly rule: string;
  readonly metric: string;
  /** BLOCK, ALLOW or COUNT. */
  readonly action: string;
  /** VENDOR#GROUP#RULE, for a rule of a managed group. */
  readonly inner?: string;
}

/** Undefined for other output of the load balancer's container. */
export function parseMatchLine(line: string): MatchedRequest | undefined {
  if (!line.startsWith(mark)) return undefined;
  try {
    return JSON.parse(line.slice(mark.length)) as MatchedRequest;
  } catch {
    // HAProxy writes to the same output, and may have written between two parts of a long line.
    return undefined;
  }
}

const mark = "waf ";
