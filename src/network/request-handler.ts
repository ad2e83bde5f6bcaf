import { Agent } from "node:https";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Trust } from "./trust.ts";

/**
 * How the AWS clients send their requests: with time limits, because the SDK has none, and through the proxy of the variables, which it does not read.
 * A request that ran out of time is sent again like any other that failed.
 */
export async function createRequestHandler(
  env: Readonly<Record<string, string | undefined>>,
  trust: Trust | undefined,
  limits: Limits = usualLimits,
): Promise<NodeHttpHandler> {
  const isProxied = Boolean(env["HTTPS_PROXY"] || env["https_proxy"]);
  const httpsAgent = isProxied
    ? (await import("./proxy-agent.ts")).createProxyAgent(env, trust?.ca)
    : new Agent({
        keepAlive: true,
        maxSockets: 50,
        ...(trust === undefined ? {} : { ca: trust.ca }),
      });
  return new NodeHttpHandler({ ...limits, throwOnRequestTimeout: true, httpsAgent });
}

/** Milliseconds. */
interface Limits {
  readonly connectionTimeout: number;
  /** Until the answer begins. */
  readonly requestTimeout: number;
  /** Of silence in the middle of an answer. */
  readonly socketTimeout: number;
}

const usualLimits: Limits = {
  connectionTimeout: 3000,
  requestTimeout: 10_000,
  socketTimeout: 10_000,
};
