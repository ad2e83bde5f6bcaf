import { quoteWord } from "../balancer/rule-patterns.ts";
import type { AuthorityModel, AuthorityWeather } from "./authority-model.ts";

/** The name of HAProxy's backend for the authority. */
export const authorityBackend = "authority";
/** The certificate for the authority's host names, below the load balancer's configuration folder. */
export const authorityCertificate = "certs/authority.pem";

/**
 * HAProxy's sections for the authority; none while the region has no use for it. Let's Encrypt's directory is at /directory, Pebble's at
 * /dir. Pebble names its addresses after the Host of a request and X-Forwarded-Proto.
 */
export function renderAuthority(authority: AuthorityModel | null): readonly (readonly string[])[] {
  if (authority === null) return [];
  return [
    [
      "frontend authority",
      `bind :443 ssl crt /etc/infer-deploy/${authorityCertificate} alpn h2,http/1.1`,
      // Its requests are none of a load balancer, and must not appear in the access log.
      "no log",
      ...renderWeather(authority.weather),
      "http-request set-path /dir if { path /directory }",
      "http-request set-header X-Forwarded-Proto https",
      `default_backend ${authorityBackend}`,
    ],
    [
      `backend ${authorityBackend}`,
      "option httpchk GET /_check",
      "http-check expect status 200",
      // Let's Encrypt gives seconds, Pebble seconds or a date by chance, which Caddy before 2.7 takes for an error.
      `http-response set-header Retry-After ${retrySeconds} if { res.hdr(Retry-After) -m found }`,
      "server pebble 127.0.0.1:14000 check inter 1s fall 2 rise 1",
    ],
  ];
}

/** The files that the authority reads again when they change: path below the load balancer's configuration folder -> content. */
export function authorityFiles({
  weather,
  names,
  texts,
  zones,
}: AuthorityModel): ReadonlyMap<string, string> {
  const settings = {
    certificate_seconds: weather.certificateSeconds,
    bad_nonce_percent: weather.badNoncePercent,
    slow_seconds: weather.slowSeconds,
  };
  return new Map([
    ["authority.json", JSON.stringify(settings)],
    ["names.json", JSON.stringify({ addresses: names, texts, zones })],
  ]);
}

/** Where the authority puts the root of its certificates, in its container. It has one for each validity. */
export function rootsFile({ certificateSeconds }: AuthorityWeather): string {
  return `/tmp/authority/roots-${certificateSeconds}.pem`;
}

/** Let's Encrypt's answers (RFC 8555, 6.6 and 6.7). /order-plz is where Pebble takes new orders. */
function renderWeather({ down, busySeconds }: AuthorityWeather): string[] {
  if (down)
    return [
      refuse(503, "serverInternal", "The service is down for maintenance or had an internal error"),
    ];
  if (busySeconds === null) return [];
  const detail = `too many new orders recently: retry after ${busySeconds}s: see https://letsencrypt.org/docs/rate-limits/`;
  return [
    `${refuse(429, "rateLimited", detail, ` hdr Retry-After ${busySeconds}`)} if { path /order-plz }`,
  ];
}

function refuse(status: number, type: string, detail: string, headers = ""): string {
  const problem = JSON.stringify({ type: `urn:ietf:params:acme:error:${type}`, detail, status });
  return `http-request return status ${status} content-type application/problem+json${headers} string ${quoteWord(problem)}`;
}

// As long as Pebble itself says, in sandbox/region/authority/authority.go.
const retrySeconds = 1;
