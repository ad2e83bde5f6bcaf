import type { ResponseBody } from "./rule-group.ts";
import type { WebAclView } from "./web-acl.ts";

/** A listener, as far as the firewall is concerned. */
export interface InspectedListener {
  /** The name of HAProxy's frontend. */
  readonly name: string;
  readonly idleSeconds: number;
  readonly webAcl: WebAclView | null;
  /** Whether requests pass when the engine does not answer. */
  readonly failsOpen: boolean;
}

/** The name of HAProxy's backend for the engine, and of its only server. */
export const engineBackend = "waf";
/** The file of policies, below the load balancer's configuration folder. The engine reads it again when it changes. */
export const policyFile = "waf.json";
/** HAProxy's description of the messages to the engine, in the same folder. */
export const messagesFile = "waf.spoe";

/**
 * Lines at the beginning of a listener with a web ACL; none without one. HAProxy waits for the part of the body that AWS WAF inspects at
 * an Application Load Balancer, its first 8 KB (AWS WAF, "Handling of request component size limits"). When the engine does not answer, a
 * request gets 500, unless the load balancer fails open (Elastic Load Balancing user guide, "waf.fail_open.enabled").
 */
export function renderInspection({ failsOpen, idleSeconds, webAcl }: InspectedListener): string[] {
  return webAcl === null
    ? []
    : [
        `filter spoe engine waf config /etc/infer-deploy/${messagesFile}`,
        `http-request wait-for-body time ${idleSeconds}s at-least ${inspectedBytes}`,
        "http-request send-spoe-group waf inspect",
        ...(failsOpen
          ? []
          : ["http-request return status 500 unless { var(txn.waf.answer) -m found }"]),
        ...[...answers(webAcl)].map(
          ([status, body]) =>
            `http-request return status ${status}${bodyOf(body)} if { var(txn.waf.answer) -m str ${status} }`,
        ),
        `http-request return status 403 content-type text/html string "${forbidden}" if { var(txn.waf.answer) -m str 403 }`,
      ];
}

/** The answers with another status than 403. A rule's own answer has no body unless it names one. */
function answers({ rules }: WebAclView): ReadonlyMap<number, ResponseBody | undefined> {
  const all = rules.flatMap((rule) => [rule, ...(rule.rules ?? [])]);
  return new Map(
    all.flatMap(({ status = 403, ...rule }) =>
      status === 403 ? [] : [[status, "body" in rule ? rule.body : undefined] as const],
    ),
  );
}

/** In HAProxy's strong quotes, so that nothing in the text is a variable or ends the line. */
function bodyOf(body: ResponseBody | undefined): string {
  if (body === undefined) return "";
  const text = body.text.replaceAll(/[\r\n]+/g, " ").replaceAll("'", String.raw`'\''`);
  return ` content-type ${body.type} string '${text}'`;
}

/** HAProxy's section for the engine; it follows a `defaults` section for TCP. The checks also keep the engine running. */
export const engineSection = [
  `backend ${engineBackend}`,
  "timeout server 5m",
  "timeout check 5s",
  "option spop-check",
  "server engine 127.0.0.1:9010 check inter 1s fall 3 rise 1",
];

/** The time-outs are long, because a request that is not inspected passes, or is refused: a busy machine must not change what the firewall does. */
export const messages = `[waf]
spoe-agent waf
  groups inspect
  option var-prefix waf
  timeout hello 5s
  timeout idle 2m
  timeout processing 10s
  use-backend ${engineBackend}

spoe-group inspect
  messages request

spoe-message request
  args listener=fe_name source=src method=method path=path query=query version=req.ver headers=req.hdrs size=req.body_size body=req.body,bytes(0,8192)
`;

/** The text of `policyFile`: the web ACL of each listener that has one. */
export function renderPolicies(listeners: readonly InspectedListener[]): string {
  const entries = listeners.flatMap(({ name, webAcl }) =>
    webAcl === null
      ? []
      : [[name, { arn: webAcl.arn, default: webAcl.default, rules: webAcl.rules }] as const],
  );
  return `${JSON.stringify({ listeners: Object.fromEntries(entries) }, null, 1)}\n`;
}

const inspectedBytes = 8192;
// HAProxy reads \r and \n between double quotes.
const forbidden = [
  "<html>",
  "<head><title>403 Forbidden</title></head>",
  "<body>",
  "<center><h1>403 Forbidden</h1></center>",
  "</body>",
  "</html>",
  "",
].join(String.raw`\r\n`);
