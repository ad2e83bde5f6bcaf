import type { Auth } from "../../config/schema/auth.ts";
import { coverEverything, parseCidr } from "../../config/fields/cidr.ts";
import type { DomainStatus } from "../../domain/domain-status.ts";
import { gotNoAnswer } from "../../release/observe/address.ts";
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

/** One of the stack's domains, for `status`. */
export function domainLine(domain: DomainStatus): string {
  const { name, record, shared_as: sharedAs, delegated, certificate } = domain;
  const facts = [
    `${recordText[record]}${sharedAs === null ? "" : sharedText[sharedAs]}`,
    delegated === false ? "NOT DELEGATED to its Route53 zone" : "",
    certificate === null
      ? "no certificate"
      : certificate.days_left === null
        ? `certificate ${certificate.status}`
        : `certificate for ${certificate.days_left} more days`,
  ];
  return `  domain    ${name}  ${facts.filter((fact) => fact !== "").join(", ")}`;
}

/** What is wrong with a domain: nothing, or a phrase for each. */
export function domainWarnings({ name, record, delegated }: DomainStatus): readonly string[] {
  return [
    ...(record === "own" ? [] : [`${name} ${recordText[record]}`]),
    ...(delegated === false ? [`${name} is NOT DELEGATED to its Route53 zone`] : []),
  ];
}

const recordText: Readonly<Record<DomainStatus["record"], string>> = {
  own: "leads here",
  other: "LEADS ELSEWHERE: infer-deploy up shows the change",
  missing: "HAS NO RECORD: infer-deploy up makes it",
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
