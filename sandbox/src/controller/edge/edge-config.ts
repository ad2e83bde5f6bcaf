import { quoteWord } from "../balancer/rule-patterns.ts";
import type { EdgeKey, EdgeRoute, EdgeView } from "./edge-view.ts";

/**
 * HAProxy's sections for a distribution: a listener with CloudFront's certificate, and a backend for each behaviour, which leads to the
 * load balancer's own listener in the same process. HAProxy's cache has the answers; it keeps those with status 200.
 */
export function renderEdge(edge: EdgeView): readonly (readonly string[])[] {
  return [
    ...edge.routes.flatMap(({ key }, index) =>
      key === null
        ? []
        : [
            [
              `cache ${cacheName(edge, index)}`,
              "total-max-size 4",
              "max-object-size 1000000",
              `max-age ${key.maxSeconds}`,
            ],
          ],
    ),
    renderListener(edge),
    ...edge.routes.map((route, index) => renderRoute(edge, route, index)),
    renderOrigin(edge, "default", []),
  ];
}

/** The file of the distribution's certificate, below the configuration folder. */
export function edgeCertificate({ id }: Pick<EdgeView, "id">): string {
  return `certs/edge-${id}.pem`;
}

function renderListener(edge: EdgeView): readonly string[] {
  return [
    `frontend edge:${edge.id}`,
    `bind :${edge.httpPort}`,
    `bind :${edge.httpsPort} ssl crt /etc/infer-deploy/${edgeCertificate(edge)} alpn h2,http/1.1`,
    // The load balancer's listener writes the access log, from which the metrics are made.
    "no log",
    `# emptied ${edge.invalidations} times`,
    // 301 to GET, and 307 to other methods, which keeps the body.
    "http-request redirect scheme https code 301 if !{ ssl_fc } { method GET HEAD }",
    "http-request redirect scheme https code 307 unless { ssl_fc }",
    `http-request add-header Via "%[req.ver] ${edge.id}.cloudfront.net (CloudFront)"`,
    "http-request set-header X-Amz-Cf-Id %[uuid()]",
    ...edge.routes.map(
      ({ path }, index) =>
        `use_backend ${backendName(edge, String(index))} if { path -m reg ${quoteWord(pathPattern(path))} }`,
    ),
    `default_backend ${backendName(edge, "default")}`,
    'http-after-response set-header X-Cache "Hit from cloudfront" if { res.cache_hit }',
    'http-after-response set-header X-Cache "Miss from cloudfront" unless { res.cache_hit }',
    ...Object.entries(edge.responseHeaders).map(
      ([name, value]) =>
        `http-after-response set-header ${name} ${quoteWord(value.replaceAll("%", "%%"))}`,
    ),
  ];
}

function renderRoute(edge: EdgeView, route: EdgeRoute, index: number): readonly string[] {
  const allowed = `http-request deny deny_status 403 unless { method ${route.methods.join(" ")} }`;
  return renderOrigin(edge, String(index), [
    allowed,
    ...(route.key === null ? [] : renderKey(route.key, cacheName(edge, index))),
  ]);
}

/**
 * HAProxy's key is the host and the path with its query. So the query becomes the whole key while HAProxy looks an answer up, and is what
 * the app gets afterwards. The app gets nothing that is not in the key.
 */
function renderKey(key: EdgeKey, cache: string): readonly string[] {
  const kept = [...new Set([...key.headers, ...ownHeaders])].join("|");
  const parts = [
    "%[query]",
    ...key.headers.map((name) => `%[req.hdr(${name}),sha1,hex]`),
    "%[req.hdr(accept-encoding),lower,regsub([^a-z],,g)]",
  ];
  return [
    `http-request del-header ${quoteWord(`^(?!(?:${kept})$)`)} -m reg`,
    ...renderQuery(key.query),
    "http-request set-var(txn.asked) pathq",
    `http-request set-query ${parts.join("/")}`,
    `http-request cache-use ${cache}`,
    "http-request set-pathq %[var(txn.asked)]",
    // The app's own lifetime counts, and `max-age` of the cache limits it. Without one, HAProxy keeps nothing.
    "http-response set-header X-Edge-Cache-Control %[res.hdr(cache-control)]",
    `http-response add-header Cache-Control max-age=${key.defaultSeconds} unless { res.hdr(cache-control) -m reg -i (max-age|no-store|no-cache|private) }`,
    // CloudFront knows by its key what an answer depends on; HAProxy keeps no answer with this header.
    "http-response set-header X-Edge-Vary %[res.hdr(vary)]",
    "http-response del-header Vary",
    `http-response cache-store ${cache}`,
    ...["Cache-Control", "Vary"].flatMap((name) => [
      `http-after-response del-header ${name}`,
      `http-after-response set-header ${name} %[res.hdr(x-edge-${name.toLowerCase()})] if { res.hdr(x-edge-${name.toLowerCase()}) -m len gt 0 }`,
      `http-after-response del-header X-Edge-${name}`,
    ]),
  ];
}

function renderQuery(query: EdgeKey["query"]): readonly string[] {
  if (query === "all") return [];
  if (query === "none") return ["http-request set-pathq %[path]"];
  return [
    "http-request set-var(txn.query) str()",
    ...query.map(
      (name) =>
        `http-request set-var-fmt(txn.query) "%[var(txn.query)]&${name}=%[url_param(${name})]" if { url_param(${name}) -m found }`,
    ),
    'http-request set-pathq "%[path]?%[var(txn.query),regsub(^&,)]"',
  ];
}

function renderOrigin(edge: EdgeView, name: string, rules: readonly string[]): readonly string[] {
  return [
    `backend ${backendName(edge, name)}`,
    `timeout server ${edge.readTimeoutSeconds}s`,
    ...rules,
    ...(edge.originPort === null
      ? ["http-request return status 504"]
      : [`server origin 127.0.0.1:${edge.originPort}`]),
  ];
}

/** CloudFront's path patterns: * is any text and ? one character. */
function pathPattern(path: string): string {
  const parts = path.split("").map((character) => {
    if (character === "*") return ".*";
    return character === "?" ? "." : character.replace(/\W/, String.raw`\$&`);
  });
  return `^${parts.join("")}$`;
}

function backendName({ id }: EdgeView, name: string): string {
  return `edge:${id}:${name}`;
}

function cacheName({ id }: EdgeView, index: number): string {
  return `edge-${id}-${index}`;
}

/** What a request needs anyway, and what CloudFront adds. */
const ownHeaders = [
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "accept-encoding",
  "via",
  "x-amz-cf-id",
  "x-forwarded-for",
];
