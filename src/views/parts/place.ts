import type { Auth } from "../../config/schema/auth.ts";
import { coverEverything, parseCidr } from "../../config/fields/cidr.ts";
import type { DomainStatus } from "../../domain/domain-status.ts";
import { gotNoAnswer } from "../../release/observe/address.ts";
import { durationText } from "../../report/text.ts";
import type { StackRecord } from "../../state/stack-record.ts";

/** The first keys of every document about a stack. */
export interface Place {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
}

export function placeOf({ name, environment, region }: Omit<Place, "schema_version">): Place {
  return { schema_version: 1, name, environment, region };
}

export function addressOf(stack: StackRecord): Place & { readonly url: string } {
  return { ...placeOf(stack), url: stack.outputs.url };
}

export function isHttps({ outputs }: StackRecord): boolean {
  return outputs.url.startsWith("https:");
}

export const httpOnly =
  "HTTP only; domain and zone in infer-deploy.yml turn HTTPS on, or https: cloudfront without a domain";

/** "NOT HEALTHY" of a private address may only mean that this machine is outside, and of one with keys that none was read. */
export function addressDetail(
  {
    internal = false,
    key_group: group,
    login,
  }: Pick<StackRecord, "internal" | "key_group" | "login">,
  detail: string,
): string {
  if (login !== undefined && /^GET \S+ answered/.test(detail) && !detail.endsWith("to the login")) {
    return `${detail}; infer-deploy up --refresh sets the login again`;
  }
  if (group !== undefined && /answered 401\b/.test(detail)) {
    return `${detail}; a request needs a valid API key: infer-deploy keys list shows which are in force`;
  }
  return internal && gotNoAnswer(detail)
    ? `${detail}; the address is private, and only machines in the VPC or connected to it reach it`
    : detail;
}

/** One of the stack's domains, for `status`: a line, and a second one while its certificate has a problem. */
export function domainLines(domain: DomainStatus, now: Date): readonly string[] {
  const { name, shared_as: sharedAs, delegated, certificate } = domain;
  const facts = [
    `${recordPhrase(domain)}${sharedAs === null ? "" : sharedText[sharedAs]}`,
    delegated === false ? "NOT DELEGATED to its Route53 zone" : "",
    certificate === null ? "no certificate" : `certificate ${certificateText(certificate, now)}`,
  ];
  return [
    `  domain    ${name}  ${facts.filter((fact) => fact !== "").join(", ")}`,
    ...(certificate === null || certificate.problem === null
      ? []
      : [`  problem   ${certificate.problem}; ${certificate.next}`]),
  ];
}

function certificateText(
  { days_left: days, expires, next_try: next, problem, status }: DomainCertificate,
  now: Date,
): string {
  const nextTry = next === null ? "" : `, next try at ${next}`;
  if (status === "EXPIRED" && expires !== null) {
    const seconds = (now.getTime() - Date.parse(expires)) / 1000;
    return `EXPIRED ${durationText(Math.max(0, seconds))} ago${nextTry}`;
  }
  if (days === null) return `${status}${nextTry}`;
  return `for ${days} more days${problem === null ? "" : `, ITS RENEWAL FAILS${nextTry}`}`;
}

/** Where a domain's record leads, and what to do if it does not lead here. */
function recordPhrase({ record, record_to_make: wanted }: DomainStatus): string {
  return wanted === null ? recordText[record] : `${elsewhere[record]}: make the record ${wanted}`;
}

/** What is wrong with a domain: nothing, or a phrase for each. */
export function domainWarnings(domain: DomainStatus): readonly string[] {
  const { name, record, delegated, certificate } = domain;
  return [
    ...(record === "own" ? [] : [`${name} ${recordPhrase(domain)}`]),
    ...(delegated === false ? [`${name} is NOT DELEGATED to its Route53 zone`] : []),
    ...(certificate === null || certificate.problem === null
      ? []
      : [`the certificate of ${name}: ${certificate.problem}; ${certificate.next}`]),
  ];
}

type DomainCertificate = NonNullable<DomainStatus["certificate"]>;

const elsewhere: Readonly<Record<DomainStatus["record"], string>> = {
  own: "leads here",
  other: "LEADS ELSEWHERE",
  missing: "HAS NO RECORD",
  unknown: "IS NOT KNOWN to any resolver that answers here",
};

const recordText: Readonly<Record<DomainStatus["record"], string>> = {
  own: "leads here",
  other: "LEADS ELSEWHERE: infer-deploy up --refresh says what is in the way",
  missing: "HAS NO RECORD: infer-deploy up --refresh makes it",
  unknown: "IS NOT KNOWN to any resolver that answers here",
};

const sharedText: Readonly<Record<NonNullable<DomainStatus["shared_as"]>, string>> = {
  latency: " for callers near this region",
  primary: " while an instance is healthy",
  secondary: " while the primary has no healthy instance",
};

/**
 * Who may send requests, as of the last apply: what a request needs, where people log in (null without a login), and IPv4 ranges, 0.0.0.0/0 for
 * everyone. The ranges are null for a private address, which none limits, and where the record of the stack is from a version that did not note
 * them.
 */
export function whoMayAsk({
  allow = null,
  internal = false,
  key_group: group,
  login,
}: Pick<StackRecord, "internal" | "key_group" | "login"> & {
  readonly allow?: readonly string[] | null | undefined;
}): OpenTo {
  return {
    auth: login !== undefined ? "oidc" : group === undefined ? "none" : "keys",
    issuer: login?.issuer ?? null,
    open_to: internal ? null : allow,
  };
}

/** For `status`. */
export function openLines({ auth, issuer, open_to: ranges }: OpenTo): readonly string[] {
  const from = ranges === null || isWorld(ranges) ? "" : ` from ${ranges.join(", ")}`;
  if (auth === "oidc") return [`  open to   login required (${issuer})${from}`];
  if (auth === "keys") return [`  open to   requests with an API key${from}`];
  if (ranges === null) return [];
  return isWorld(ranges)
    ? [
        "  open to   THE WORLD: with a load balancer, network.allow names the ranges that may send requests",
      ]
    : [`  open to   ${ranges.join(", ")}`];
}

/** Whether everyone may send requests, without a key or a login. */
export function isOpenToWorld({ auth, open_to: ranges }: Omit<OpenTo, "issuer">): boolean {
  return auth === "none" && ranges !== null && isWorld(ranges);
}

interface OpenTo {
  readonly auth: Auth;
  readonly issuer: string | null;
  readonly open_to: readonly string[] | null;
}

function isWorld(ranges: readonly string[]): boolean {
  return coverEverything(ranges.flatMap((range) => parseCidr(range) ?? []));
}
