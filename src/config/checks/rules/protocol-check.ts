import { grpcHealth } from "../../schema/health.ts";
import type { Config } from "../../schema/config.ts";
import type { Contradiction, Path } from "../problem.ts";

type Checked = Pick<
  Config,
  "domains" | "health" | "https" | "oidc" | "release" | "requests" | "topology" | "version"
>;

/** The part of `findContradictions` that is about `requests.protocol`. */
export function* checkProtocol(config: Checked): Iterable<Contradiction> {
  const { protocol } = config.requests;
  if (protocol !== "http1") yield* checkDoor(config);
  if (protocol === "grpc") yield* checkCalls(config);
  yield* checkCodes(config);
}

/**
 * "The only supported listener protocol is HTTPS. The only supported action type for listener rules is forward" (Target groups for
 * Application Load Balancers, Protocol version).
 */
function* checkDoor({
  domains,
  https,
  oidc,
  requests,
  topology,
}: Checked): Iterable<Contradiction> {
  const found = requests.protocol;
  if (topology === "single") {
    yield {
      paths: [protocolPath, ["topology"]],
      found: `${found} with topology: single`,
      allowed:
        "http1, or topology: fleet: the door of one machine speaks HTTP/1.1 to the container",
    };
    return;
  }
  if (https === "cloudfront") {
    yield {
      paths: [protocolPath, ["https"]],
      found: `${found} with https: cloudfront`,
      allowed: `http1, or ${found} with a domain and a zone: behind CloudFront the load balancer has no HTTPS, and AWS refuses ${found} without`,
    };
  } else if (domains.length === 0) {
    yield {
      paths: [protocolPath, ["domain"]],
      found: `${found} without a domain`,
      allowed: `http1, or ${found} with a domain and a zone: AWS takes ${found} for a listener with HTTPS only`,
    };
  }
  if (oidc !== null) {
    yield {
      paths: [protocolPath, ["auth"]],
      found: `${found} with auth: oidc`,
      allowed: `http1, or ${found} with auth: keys or none: a login leads a browser elsewhere, which AWS refuses in front of ${found}`,
    };
  }
}

/** Health checks and probes that are calls of gRPC. */
function* checkCalls({ health, release, version }: Checked): Iterable<Contradiction> {
  const { probe } = release;
  if (!isMethod(health.path)) {
    yield {
      paths: [["health", "path"], protocolPath],
      found: `${health.path} with requests.protocol: grpc`,
      allowed: methodAllowed,
      suggestion: grpcHealth.path,
    };
  }
  if (!isMethod(probe.path) && probe.path !== health.path) {
    yield {
      paths: [probePath("path"), protocolPath],
      found: `${probe.path} with requests.protocol: grpc`,
      allowed: methodAllowed,
    };
  }
  if (probe.method !== "POST") {
    yield {
      paths: [probePath("method"), protocolPath],
      found: `${probe.method} with requests.protocol: grpc`,
      allowed: "POST: every call of gRPC is one",
      suggestion: "POST",
    };
  }
  if (probe.jsonPath !== null) {
    yield {
      paths: [probePath("json_path"), protocolPath],
      found: "json_path with requests.protocol: grpc",
      allowed: "no json_path: the answer is a message of gRPC, judged by its code in probe.status",
    };
  }
  if (Object.keys(probe.headers).some((name) => name.toLowerCase() === "content-type")) {
    yield {
      paths: [probePath("body"), probePath("headers"), protocolPath],
      found: "a body or a header with another content-type than gRPC's",
      allowed: "a body that is text, the bytes of one encoded message, and no content-type",
    };
  }
  if (version !== null) {
    yield {
      paths: [["version"], protocolPath],
      found: "version with requests.protocol: grpc",
      allowed: "no version: it is asked by GET, which a gRPC server does not answer",
    };
  }
}

/** gRPC's codes are below 100, those of HTTP above. */
function* checkCodes({ health, release, requests }: Checked): Iterable<Contradiction> {
  const isGrpc = requests.protocol === "grpc";
  const allowed = isGrpc
    ? "codes of gRPC from 0 to 99, such as 0 for a call that was answered"
    : "codes of HTTP from 200, or requests.protocol: grpc";
  const isWrong = (code: number): boolean => code < 100 !== isGrpc;
  for (const [index, code] of (health.codes ?? []).entries()) {
    if (isWrong(code)) {
      const found = `${code} with requests.protocol: ${requests.protocol}`;
      yield { paths: [["health", "codes", index], protocolPath], found, allowed };
    }
  }
  const { status } = release.probe;
  if (isWrong(status) && !health.codes?.includes(status)) {
    const found = `${status} with requests.protocol: ${requests.protocol}`;
    yield { paths: [probePath("status"), protocolPath], found, allowed };
  }
}

function isMethod(path: string): boolean {
  return /^\/[A-Za-z_][\w.]*\/[A-Za-z_]\w*$/.test(path);
}

function probePath(key: string): Path {
  return ["release", "probe", key];
}

const protocolPath: Path = ["requests", "protocol"];
const methodAllowed =
  "a method such as /package.Service/Method: AWS calls it, and so do the instances";
