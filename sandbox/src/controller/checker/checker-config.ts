import type { BackendModel } from "../balancer/balancer-model.ts";
import { quoteWord } from "../balancer/rule-patterns.ts";

/** The name of HAProxy's backend for the program that makes checks in HTTP/2 and gRPC. */
export const checkerBackend = "checker";

const port = 9020;
/** The program answers a check with the target's code of gRPC and this. */
const grpcOffset = 200;

type Checked = Pick<BackendModel, "health" | "protocolVersion">;

/** Whether HAProxy cannot check the targets itself. */
export function needsChecker({ protocolVersion }: Pick<BackendModel, "protocolVersion">): boolean {
  return protocolVersion !== "HTTP1";
}

/** Empty while no target group needs the program, which ends then by itself. */
export function renderChecker(backends: readonly Checked[]): readonly (readonly string[])[] {
  if (!backends.some(needsChecker)) return [];
  return [
    [
      `backend ${checkerBackend}`,
      "option httpchk GET /",
      "http-check expect status 200",
      `server checker 127.0.0.1:${port} check inter 1s fall 3 rise 1`,
    ],
  ];
}

/** HAProxy's lines for a check by the program. */
export function renderCheck({ health, protocolVersion }: Checked): readonly string[] {
  const head = [
    "hdr X-Backend %[be_name]",
    "hdr X-Server %[srv_name]",
    `hdr X-Path ${quoteWord(health.path.replaceAll("%", "%%"))}`,
    `hdr X-Protocol ${protocolVersion}`,
    ...(health.port === "traffic-port" ? [] : [`hdr X-Port ${health.port}`]),
  ];
  const codes = health.matcher.replaceAll(" ", "");
  const expected =
    protocolVersion === "GRPC"
      ? codes.replaceAll(/\d+/g, (code) => String(Number(code) + grpcOffset))
      : codes;
  return [
    "option httpchk",
    `http-check send meth GET uri /check ver HTTP/1.1 hdr Host checker ${head.join(" ")}`,
    `http-check expect status ${expected}`,
  ];
}

/** The words of a server for its requests and its checks. */
export const http2Options = {
  requests: "proto h2",
  checks: `addr 127.0.0.1 port ${port} check-proto h1`,
} as const;

/** What failed checks got: a code of HTTP or gRPC; undefined without one. `status`: of the program's answer. */
export function checkedCode(
  { protocolVersion }: Pick<BackendModel, "protocolVersion">,
  status: string,
): string | undefined {
  if (!needsChecker({ protocolVersion })) return status;
  if (status === "599") return undefined;
  return protocolVersion === "GRPC" ? String(Number(status) - grpcOffset) : status;
}

/**
 * "HTTP 464: The load balancer received an incoming request protocol that is incompatible with the version config of the target group
 * protocol" (Troubleshoot your Application Load Balancers).
 */
export function refuseOtherProtocols({
  protocolVersion,
}: Pick<BackendModel, "protocolVersion">): readonly string[] {
  const refuse = "http-request return status 464";
  if (protocolVersion === "HTTP1") {
    return [`${refuse} if { req.hdr(content-type) -m beg application/grpc }`];
  }
  const other = [`${refuse} unless { fc_http_major 2 }`];
  return protocolVersion === "GRPC" ? [...other, `${refuse} unless METH_POST`] : other;
}
