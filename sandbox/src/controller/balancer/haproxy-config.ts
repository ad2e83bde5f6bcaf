import type { BackendModel, BalancerModel, ListenerModel, RuleModel } from "./balancer-model.ts";
import { engineSection, renderInspection } from "../firewall/firewall-config.ts";
import {
  needsChecker,
  refuseOtherProtocols,
  renderCheck,
  renderChecker,
} from "../checker/checker-config.ts";
import { renderAuthority } from "../authority/authority-config.ts";
import { renderEdge } from "../edge/edge-config.ts";
import { renderLogin } from "./login-config.ts";
import { quoteWord, requestFormat } from "./rule-patterns.ts";
import { isLastResort, serverOptions } from "./servers.ts";

/** A server of the running load balancer. The new configuration starts with it. */
export interface ConfiguredServer {
  readonly backend: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/**
 * haproxy.cfg. The running process returns `description` for `show info`, which identifies the structure that it has loaded.
 * Without servers and description the text depends on the structure alone. Targets and weights change through the runtime API.
 */
export function renderConfig(
  model: BalancerModel,
  description: string,
  servers: readonly ConfiguredServer[],
): string {
  const sections = [
    renderGlobal(description),
    ...runtimeApi,
    ...(model.listeners.some(({ webAcl }) => webAcl !== null) ? [engineSection] : []),
    renderDefaults(model),
    ...model.listeners.map((listener) => [
      ...renderListener(listener),
      ...(model.keepsConnections ? [closeToClients] : []),
    ]),
    ...model.backends.map((backend) =>
      renderBackend(
        backend,
        servers.filter((server) => server.backend === backend.name),
      ),
    ),
    ...renderChecker(model.backends),
    ...model.edges.flatMap(renderEdge),
    ...renderAuthority(model.authority),
    [`backend ${nowhere}`],
  ];
  return `${sections.map((lines) => lines.join("\n  ")).join("\n\n")}\n`;
}

/** The backend of a request without a target group: 503, as on AWS. */
export const nowhere = "nowhere";

/** Prefix of the access log's lines; metrics/log-line.ts reads the fields. */
export const logMark = "request";

const folder = "/etc/infer-deploy";
const runtimeSocket = "/tmp/runtime-api.sock";

function renderGlobal(description: string): string[] {
  return [
    "global",
    `description ${description}`,
    "log stdout format raw local0 info",
    `stats socket ${runtimeSocket} level admin`,
    `server-state-file ${folder}/servers.state`,
    "ssl-default-bind-options ssl-min-ver TLSv1.2",
    // HAProxy caches what a request matched until its map changes. A lookup between adding a rule's line and committing it would cache
    // the miss, and that thread would never find the rule for the same request.
    "tune.pattern.cache-size 0",
    // How long a worker that a reload replaced may stay for its last connections.
    "hard-stop-after 1h",
  ];
}

/**
 * The runtime API has no password, and every container of the network reaches this one. So it is on a socket inside, and the way to it
 * is open to connections with the key only (containers/balancer-api.ts). Its lines must not appear in the access log.
 */
const runtimeApi = [
  [
    "defaults",
    "mode tcp",
    "timeout connect 2s",
    "timeout client 10s",
    "timeout server 10s",
    "load-server-state-from-file none",
  ],
  [
    "frontend runtime-api",
    "bind :9999 accept-proxy",
    'tcp-request session reject unless { fc_pp_authority -m str "${SANDBOX_KEY}" }',
    "default_backend runtime-api",
  ],
  ["backend runtime-api", `server socket unix@${runtimeSocket}`],
];

function renderDefaults({ keepsConnections }: BalancerModel): string[] {
  // A new connection for each request: a kept connection could lead to a dead machine, and the request would be lost.
  // An Application Load Balancer keeps them: "if the application closes the TCP connection to the load balancer ungracefully, the
  // load balancer might send a request to the application before it receives the packet indicating that the connection is closed.
  // If this is the case, then the load balancer sends an HTTP 502" (Edit attributes, connection idle timeout).
  const connections = keepsConnections
    ? ["option http-keep-alive", "http-reuse always"]
    : ["option http-server-close"];
  return [
    "defaults",
    "mode http",
    "log global",
    "option http-no-delay",
    ...connections,
    ...defaults,
  ];
}

const defaults = [
  // A replaced worker answers one more request on each open connection before it closes it.
  "option idle-close-on-response",
  "option forwardfor",
  "load-server-state-from-file global",
  // Retry only requests that could not be sent: no target has seen any part of them. The retry goes to another target.
  // Until the controller has removed a dead machine, every second retry may reach it again. Six retries last three seconds.
  "retries 6",
  "retry-on conn-failure",
  "option redispatch 1",
  "timeout connect 500ms",
  "timeout http-request 60s",
  "timeout client 60s",
  "timeout server 60s",
];

function renderListener(listener: ListenerModel): string[] {
  const tls =
    listener.certificate === null
      ? ""
      : ` ssl crt ${folder}/${listener.certificate.file} alpn h2,http/1.1`;
  return [
    `frontend ${listener.name}`,
    `bind :${listener.published}${tls}`,
    `log-format "${logMark} %Ts.%ms %f %b %s %ST %Tr %Ta %ts"`,
    `timeout client ${listener.idleSeconds}s`,
    `timeout http-keep-alive ${listener.idleSeconds}s`,
    ...endOldConnections(listener),
    ...renderInspection(listener),
    ...(listener.dropsInvalidHeaders ? [dropInvalidHeaders] : []),
    // The text that the rules match. The first matching pattern gives the rule; rule and slot give the backend.
    `http-request set-var-fmt(txn.request) ${requestFormat}`,
    `http-request set-var(txn.rule) var(txn.request),map_reg(${folder}/${listener.rulesMap},default)`,
    "http-request set-var(txn.slot) rand(100)",
    `http-request set-var(txn.group) var(txn.rule),concat(/,txn.slot),map(${folder}/${listener.weightsMap},${nowhere})`,
    ...(listener.login === null ? [] : renderLogin(listener.login)),
    ...listener.rules.flatMap(renderAnswer),
    `http-request set-header X-Forwarded-Proto ${listener.certificate === null ? "http" : "https"}`,
    `http-request set-header X-Forwarded-Port ${listener.port}`,
    `http-request set-header X-Amzn-Trace-Id Root=1-%[date,hex,bytes(8,8)]-%[uuid(),regsub(-,,g),bytes(0,24)] unless { req.hdr(X-Amzn-Trace-Id) -m found }`,
    ...Object.entries(listener.responseHeaders).map(
      ([name, value]) =>
        `http-after-response set-header ${name} ${quoteWord(value.replaceAll("%", "%%"))}`,
    ),
    "use_backend %[var(txn.group)]",
  ];
}

/**
 * "After the configured HTTP client keepalive duration elapses, the Application Load Balancer accepts one more request and then returns a
 * response that gracefully closes the connection" (load balancer attributes).
 */
function endOldConnections({ clientSeconds }: Pick<ListenerModel, "clientSeconds">): string[] {
  return [
    "http-request set-var(sess.opened) date unless { var(sess.opened) -m found }",
    `http-after-response set-header Connection close if { date,sub(sess.opened) ge ${clientSeconds} }`,
  ];
}

/** "Elastic Load Balancing requires that message header names conform to the regular expression [-A-Za-z0-9]+" (load balancer attributes). */
const dropInvalidHeaders = "http-request del-header '[^-A-Za-z0-9]' -m reg";

/** HAProxy sends a 502 only to the first request of a client's connection; otherwise it closes the connection without an answer. */
const closeToClients = "http-after-response set-header Connection close";

/** The answers of the load balancer itself. */
function renderAnswer({ name, action }: RuleModel): string[] {
  const chosen = `if { var(txn.rule) -m str ${name} }`;
  switch (action.type) {
    case "forward":
      return [];
    case "redirect":
      return [
        `http-request redirect code ${action.status} location ${quoteWord(action.loopbackLocation)} ${chosen} { req.hdr(host),field(1,:) -m reg ^(127\\.[0-9.]+|localhost)$ }`,
        `http-request redirect code ${action.status} location ${quoteWord(action.location)} ${chosen}`,
      ];
    case "fixed-response":
      return [
        `http-request return status ${action.status} content-type ${quoteWord(action.contentType)} file ${folder}/${action.file} ${chosen}`,
      ];
  }
}

function renderOwnCheck({ health }: BackendModel): string[] {
  return [
    "option httpchk",
    `http-check send meth GET uri ${quoteWord(health.path)} ver HTTP/1.1 hdr Host health-check hdr User-Agent ELB-HealthChecker/2.0`,
    `http-check expect status ${health.matcher.replaceAll(" ", "")}`,
  ];
}

function renderBackend(backend: BackendModel, servers: readonly ConfiguredServer[]): string[] {
  const { health } = backend;
  return [
    `backend ${backend.name}`,
    `balance ${backend.leastOutstanding ? "leastconn" : "roundrobin"}`,
    `timeout server ${backend.idleSeconds}s`,
    // When no target is healthy, all unhealthy targets get requests: an ALB fails open.
    "option allbackups",
    ...refuseOtherProtocols(backend),
    ...(needsChecker(backend) ? renderCheck(backend) : renderOwnCheck(backend)),
    `timeout check ${health.timeoutSeconds}s`,
    // Present even without servers, so that a change of the options counts as a change of the structure.
    `# ${serverOptions(backend, false)}`,
    ...servers.map(
      ({ name, address, port }) =>
        `server ${name} ${address}:${port} ${serverOptions(backend, isLastResort(name))}`,
    ),
  ];
}
