import type { Config } from "../../schema/config.ts";
import type { CachedRoute } from "../../schema/edge/cache.ts";
import { networkDefaults } from "../../schema/network.ts";
import { formatDuration } from "../../fields/time/duration.ts";
import type { Contradiction, Path } from "../problem.ts";

type Checked = Pick<
  Config,
  "cache" | "domains" | "health" | "https" | "network" | "release" | "requests" | "version" | "waf"
>;

/** The part of `findContradictions` that is about CloudFront. */
export function* checkCloudfront(config: Checked): Iterable<Contradiction> {
  if (config.https === "cloudfront") {
    yield* checkDoor(config);
    yield* checkRoutes(config);
  } else if (config.cache.length > 0) {
    yield {
      paths: [["cache"]],
      found: "cached routes without CloudFront",
      allowed: "cache with https: cloudfront, which gives the address CloudFront's own name",
    };
  }
}

/** What does not go with requests that all come from CloudFront. */
function* checkDoor({ domains, network, requests, waf }: Checked): Iterable<Contradiction> {
  const refuse = (path: Path, found: string, allowed: string): Contradiction => ({
    paths: [path, ["https"]],
    found: `${found} with https: cloudfront`,
    allowed,
  });
  if (domains.length > 0) {
    yield refuse(
      ["domain"],
      "a domain",
      "one of the two: the load balancer has the domain's certificate, and CloudFront its own name",
    );
  }
  if (network.internal) {
    yield refuse(
      ["network", "internal"],
      "a private address",
      "one of the two: CloudFront's address is public, and its load balancer is private already",
    );
  }
  if (network.vpc !== null) {
    yield refuse(
      ["network", "vpc"],
      "an existing VPC",
      "the stack's own VPC: CloudFront's way into an existing one is not in this version",
    );
  }
  if (network.allow.join() !== networkDefaults.allow.join()) {
    yield refuse(
      ["network", "allow"],
      "ranges of addresses",
      "no network.allow: the load balancer sees CloudFront's addresses only, and CloudFront answers everyone",
    );
  }
  if (waf.mode !== "none") {
    yield refuse(
      ["waf", "mode"],
      waf.mode,
      "none: at the load balancer AWS WAF would count all users as CloudFront's few addresses",
    );
  }
  if (requests.timeoutSeconds > longestTimeout) {
    yield refuse(
      ["requests", "timeout"],
      formatDuration(requests.timeoutSeconds),
      `at most ${formatDuration(longestTimeout)}, CloudFront's limit for an origin's answer`,
    );
  }
}

function* checkRoutes(config: Checked): Iterable<Contradiction> {
  for (const [index, route] of config.cache.entries()) {
    const at = (...path: Path): Path => ["cache", index, ...path];
    if (route.path === "" || route.seconds === 0) {
      yield {
        paths: [at()],
        found: `a route without ${route.path === "" ? "path" : "ttl"}`,
        allowed: "path and ttl",
      };
    } else if (config.cache.findIndex(({ path }) => path === route.path) < index) {
      yield {
        paths: [at("path")],
        found: `${route.path} a second time`,
        allowed: "each path once",
      };
    } else {
      yield* checkHeaders(route, at);
      yield* checkAsked(config, route, at("path"));
    }
  }
}

function* checkHeaders(
  { headers }: CachedRoute,
  at: (...path: Path) => Path,
): Iterable<Contradiction> {
  const lower = headers.map((header) => header.toLowerCase());
  for (const [index, name] of lower.entries()) {
    if (lower.indexOf(name) < index) {
      yield {
        paths: [at("headers", index)],
        found: `${headers[index]} a second time`,
        allowed: "each header once",
      };
    } else if (name === "cookie" || name === "host" || name === "accept-encoding") {
      yield {
        paths: [at("headers", index)],
        found: headers[index] ?? "",
        allowed:
          name === "cookie"
            ? "other headers: an answer that depends on a cookie is one user's"
            : "other headers: this one is in the key already",
      };
    }
  }
}

/** Answers that the verbs ask for must be the serving version's, not an older one from the cache. */
function* checkAsked(
  { health, release, version }: Checked,
  route: CachedRoute,
  path: Path,
): Iterable<Contradiction> {
  const asked: readonly (readonly [string, string | undefined, Path])[] = [
    ["health.path", health.path, ["health", "path"]],
    ["version.path", version?.path, ["version", "path"]],
    ["release.probe.path", release.probe.path, ["release", "probe", "path"]],
  ];
  const found = asked.find(([, value]) => value !== undefined && matchesPattern(route.path, value));
  if (found === undefined) return;
  const [key, value, other] = found;
  yield {
    paths: [path, other],
    found: `${route.path}, which has ${key}`,
    allowed: `a path without ${value}: the verbs ask it which version serves`,
  };
}

/** Whether CloudFront's path pattern has the path, without its query. It compares upper and lower case. */
export function matchesPattern(pattern: string, path: string): boolean {
  const source = pattern
    .split("")
    .map((character) =>
      character === "*" ? ".*" : character === "?" ? "." : character.replace(/\W/, String.raw`\$&`),
    );
  return new RegExp(`^${source.join("")}$`).test(path.split("?")[0] ?? path);
}

/** Seconds (CloudFront API reference, VpcOriginConfig, OriginReadTimeout). */
const longestTimeout = 120;
