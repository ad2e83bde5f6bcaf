import type { BackendModel, BalancerModel, ListenerModel, RuleModel } from "./balancer-model.ts";
import { quoteWord, requestFormat } from "./rule-patterns.ts";
import { isLastResort, serverOptions } from "./servers.ts";

/** A server that the configuration shall begin with: what the running load balancer has. */
export interface ConfiguredServer {
  readonly backend: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/**
 * haproxy.cfg. `description` is what the running process answers to `show info`: it tells which structure it has loaded.
 * Without servers and description the text depends on the structure alone; targets and weights change through the runtime API.
 */
export function renderConfig(
  model: BalancerModel,
  description: string,
  servers: readonly ConfiguredServer[],
): string {
  const sections = [
    renderGlobal(description),
    defaults,
    ...model.listeners.map(renderListener),
    ...model.backends.map((backend) =>
      renderBackend(
        backend,
        servers.filter((server) => server.backend === backend.name),
      ),
    ),
    [`backend ${nowhere}`],
  ];
  return `${sections.map((lines) => lines.join("\n  ")).join("\n\n")}\n`;
}

/** Where a request goes when no target group is there for it: 503, as on AWS. */
export const nowhere = "nowhere";

/** Prefix of the access log's lines; the fields are read by metrics/log-line.ts. */
export const logMark = "request";

function renderGlobal(description: string): string[] {
  return [
    "global",
    `description ${description}`,
    "log stdout format raw local0 info",
    "stats socket ipv4@0.0.0.0:9999 level admin",
    `server-state-file ${folder}/servers.state`,
    "ssl-default-bind-options ssl-min-ver TLSv1.2",
    // What a request matched would be remembered for as long as its map looks the same: asked for between the moment when a rule's line is
    // added and that when it counts, the rule would never be found for the same request, by every thread that was asked then.
    "tune.pattern.cache-size 0",
    // A worker that a reload replaced stays for its last connections, and no longer than this.
    "hard-stop-after 1h",
  ];
}

const defaults = [
  "defaults",
  "mode http",
  "log global",
  "option http-no-delay",
  // A connection of its own for each request: on a kept one a request could be sent to a machine that is dead already, and be lost.
  "option http-server-close",
  // A worker that a reload replaced answers what comes on its open connections once more and closes them then, not at once.
  "option idle-close-on-response",
  "option forwardfor",
  "load-server-state-from-file global",
  // Only what could not be sent is tried again, on another target: nothing of the request has reached anybody yet.
  // Until the controller has taken a dead machine out, every second try may meet it again; six last for three seconds.
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
    // What the rules look at; the first pattern that fits names the rule, and rule and slot the backend.
    `http-request set-var-fmt(txn.request) ${requestFormat}`,
    `http-request set-var(txn.rule) var(txn.request),map_reg(${folder}/${listener.rulesMap},default)`,
    "http-request set-var(txn.slot) rand(100)",
    `http-request set-var(txn.group) var(txn.rule),concat(/,txn.slot),map(${folder}/${listener.weightsMap},${nowhere})`,
    ...listener.rules.flatMap(renderAnswer),
    `http-request set-header X-Forwarded-Proto ${listener.certificate === null ? "http" : "https"}`,
    `http-request set-header X-Forwarded-Port ${listener.port}`,
    `http-request set-header X-Amzn-Trace-Id Root=1-%[date,hex,bytes(8,8)]-%[uuid(),regsub(-,,g),bytes(0,24)] unless { req.hdr(X-Amzn-Trace-Id) -m found }`,
    "use_backend %[var(txn.group)]",
  ];
}

/** What the load balancer answers by itself. */
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

function renderBackend(backend: BackendModel, servers: readonly ConfiguredServer[]): string[] {
  const { health } = backend;
  return [
    `backend ${backend.name}`,
    `balance ${backend.leastOutstanding ? "leastconn" : "roundrobin"}`,
    `timeout server ${backend.idleSeconds}s`,
    // When no target is healthy, those that are unhealthy get the requests, all of them: an ALB fails open.
    "option allbackups",
    "option httpchk",
    `http-check send meth GET uri ${quoteWord(health.path)} ver HTTP/1.1 hdr Host health-check hdr User-Agent ELB-HealthChecker/2.0`,
    `http-check expect status ${health.matcher.replaceAll(" ", "")}`,
    `timeout check ${health.timeoutSeconds}s`,
    // In the text even without servers, so that a change of it counts as a change of the structure.
    `# ${serverOptions(backend, false)}`,
    ...servers.map(
      ({ name, address, port }) =>
        `server ${name} ${address}:${port} ${serverOptions(backend, isLastResort(name))}`,
    ),
  ];
}

const folder = "/etc/infer-deploy";
