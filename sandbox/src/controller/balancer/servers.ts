import type { BackendModel, BalancerModel, ServerModel } from "./balancer-model.ts";
import { http2Options, needsChecker } from "../checker/checker-config.ts";
import type { ServerRow } from "./haproxy-stat.ts";

/** Commands for HAProxy's runtime API that bring the servers of every backend to the model. */
export function planServers(model: BalancerModel, rows: readonly ServerRow[]): string[] {
  return model.backends.flatMap((backend) => {
    const present = new Map(
      rows.filter((row) => row.backend === backend.name).map((row) => [row.name, row]),
    );
    const wanted = new Set(
      backend.servers.flatMap((server) => [server.name, lastResortName(server.name)]),
    );
    const gone = [...present.values()].filter((row) => !wanted.has(row.name));
    return [
      ...gone.flatMap(planRemoval),
      ...backend.servers.flatMap((server) => [
        ...planServer(backend, server, present.get(server.name)),
        ...planLastResort(backend, server, present.get(lastResortName(server.name))),
      ]),
    ];
  });
}

/** The name of an unhealthy target's second server, which gets requests when the backend has no healthy ones. */
export function lastResortName(server: string): string {
  return `${server.replace(lastResortSuffix, "")}${lastResortSuffix}`;
}

export function isLastResort(server: string): boolean {
  return server.endsWith(lastResortSuffix);
}

/** The words after a server's address, in the configuration and in the runtime API. */
export function serverOptions(backend: BackendModel, lastResort: boolean): string {
  const { protocol, health, idleSeconds, keepsConnections } = backend;
  const idle = keepsConnections ? [`pool-purge-delay ${idleSeconds}s`] : [];
  const http2 = needsChecker(backend) ? [http2Options.requests] : [];
  const tls = [...(protocol === "HTTPS" ? ["ssl", "verify none"] : []), ...http2, ...idle];
  if (lastResort) return ["backup", ...tls].join(" ");
  const times = `inter ${health.intervalSeconds}s fall ${health.unhealthyThreshold} rise ${health.healthyThreshold}`;
  if (needsChecker(backend)) return ["check", times, http2Options.checks, ...tls].join(" ");
  const port = health.port === "traffic-port" ? [] : [`port ${health.port}`];
  const checkTls =
    health.protocol === "HTTPS" && protocol !== "HTTPS" ? ["check-ssl", "verify none"] : [];
  return ["check", times, ...port, ...tls, ...checkTls].join(" ");
}

function planServer(
  backend: BackendModel,
  server: ServerModel,
  row: ServerRow | undefined,
): string[] {
  const id = `${backend.name}/${server.name}`;
  if (row === undefined) return server.draining ? [] : [add(backend, server)];
  // A server that is down gets no requests anyway, and would still report "DOWN".
  if (server.draining) return row.status === "up" ? [`set server ${id} state drain`] : [];
  if (row.status === "maintenance")
    return [`set server ${id} state ready; set server ${id} health down`];
  return row.status === "drain" ? [`set server ${id} state ready`] : [];
}

/** The last-resort server stays when the target recovers, so that its requests are not cut off. It gets no new ones then. */
function planLastResort(
  backend: BackendModel,
  server: ServerModel,
  row: ServerRow | undefined,
): string[] {
  const id = `${backend.name}/${lastResortName(server.name)}`;
  if (row === undefined)
    return server.lastResort && !server.draining ? [addLastResort(backend, server)] : [];
  const state = server.draining ? "drain" : "ready";
  return (row.status === "drain") === server.draining && row.status !== "maintenance"
    ? []
    : [`set server ${id} state ${state}`];
}

/** `health down` comes last: without it a server would count as up before its first check. */
function add(backend: BackendModel, server: ServerModel): string {
  const id = `${backend.name}/${server.name}`;
  const steps = [
    `add server ${id} ${server.address}:${server.port} ${serverOptions(backend, false)}`,
    `enable health ${id}`,
    `enable server ${id}`,
    `set server ${id} health down`,
  ];
  return steps.join("; ");
}

function addLastResort(backend: BackendModel, server: ServerModel): string {
  const id = `${backend.name}/${lastResortName(server.name)}`;
  return `add server ${id} ${server.address}:${server.port} ${serverOptions(backend, true)}; enable server ${id}`;
}

/**
 * First, the server gets no new requests. Requests that are still connecting get time to fail and to move to another target, because
 * no request may be lost before a target has seen it. Then the remaining sessions end, because HAProxy deletes no server with connections.
 */
function planRemoval(row: ServerRow): string[] {
  const id = `${row.backend}/${row.name}`;
  if (row.status !== "maintenance") return [`set server ${id} state maint`];
  if (row.sessions > 0 && row.sinceChange < lettingGoSeconds) return [];
  return [`shutdown sessions server ${id}; del server ${id}`];
}

const lastResortSuffix = ".last-resort";
// Longer than `timeout connect`.
const lettingGoSeconds = 2;
