/** A distribution of CloudFront, as the emulator describes it. */
export interface EdgeView {
  readonly id: string;
  /** CloudFront's own name for it. */
  readonly domain: string;
  /** Loopback ports for HTTP and for HTTPS. */
  readonly httpPort: number;
  readonly httpsPort: number;
  /** The loopback port of the load balancer's listener; null while there is none. */
  readonly originPort: number | null;
  readonly readTimeoutSeconds: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** How often its cache was emptied. */
  readonly invalidations: number;
  /** In the order of evaluation. */
  readonly routes: readonly EdgeRoute[];
}

/** A behaviour with a path pattern. */
export interface EdgeRoute {
  /** With the wildcards * and ?. */
  readonly path: string;
  readonly methods: readonly string[];
  /** What the app's answer depends on, and for how long it is kept; null for an answer that is never kept. */
  readonly key: EdgeKey | null;
}

export interface EdgeKey {
  readonly defaultSeconds: number;
  readonly maxSeconds: number;
  /** In lower case. */
  readonly headers: readonly string[];
  readonly query: "all" | "none" | readonly string[];
}

/** As /_sandbox/distributions answers. */
export interface EdgeAnswer {
  readonly id: string;
  readonly domain: string;
  readonly ports: readonly [number, number];
  readonly origin_port: number | null;
  readonly read_timeout: number;
  readonly invalidations: number;
  readonly security_headers: SecurityHeaders;
  readonly behaviors: readonly {
    readonly path: string;
    readonly methods: readonly string[];
    readonly policy: CachePolicy | null;
  }[];
}

interface SecurityHeaders {
  readonly ContentSecurityPolicy?: { readonly ContentSecurityPolicy: string };
  readonly ContentTypeOptions?: object;
  readonly FrameOptions?: { readonly FrameOption: string };
  readonly StrictTransportSecurity?: {
    readonly AccessControlMaxAgeSec: number;
    readonly IncludeSubdomains?: boolean;
    readonly Preload?: boolean;
  };
}

interface CachePolicy {
  readonly DefaultTTL?: number;
  readonly MaxTTL?: number;
  readonly ParametersInCacheKeyAndForwardedToOrigin: {
    readonly HeadersConfig: { readonly Headers?: { readonly Items?: readonly string[] } };
    readonly QueryStringsConfig: {
      readonly QueryStringBehavior: string;
      readonly QueryStrings?: { readonly Items?: readonly string[] };
    };
  };
}

export function readEdge(answer: EdgeAnswer): EdgeView {
  return {
    id: answer.id,
    domain: answer.domain,
    httpPort: answer.ports[0],
    httpsPort: answer.ports[1],
    originPort: answer.origin_port,
    readTimeoutSeconds: answer.read_timeout,
    responseHeaders: readHeaders(answer.security_headers),
    invalidations: answer.invalidations,
    routes: answer.behaviors.map(({ path, methods, policy }) => ({
      path,
      methods,
      key: policy === null ? null : readKey(policy),
    })),
  };
}

function readKey(policy: CachePolicy): EdgeKey {
  const { HeadersConfig, QueryStringsConfig } = policy.ParametersInCacheKeyAndForwardedToOrigin;
  const behaviour = QueryStringsConfig.QueryStringBehavior;
  return {
    defaultSeconds: policy.DefaultTTL ?? 86_400,
    maxSeconds: policy.MaxTTL ?? 31_536_000,
    headers: (HeadersConfig.Headers?.Items ?? []).map((name) => name.toLowerCase()),
    query:
      behaviour === "all" || behaviour === "none"
        ? behaviour
        : (QueryStringsConfig.QueryStrings?.Items ?? []),
  };
}

function readHeaders(headers: SecurityHeaders): Readonly<Record<string, string>> {
  const { StrictTransportSecurity: hsts } = headers;
  const values: readonly (readonly [string, string | undefined])[] = [
    ["content-security-policy", headers.ContentSecurityPolicy?.ContentSecurityPolicy],
    ["x-content-type-options", headers.ContentTypeOptions === undefined ? undefined : "nosniff"],
    ["x-frame-options", headers.FrameOptions?.FrameOption],
    [
      "strict-transport-security",
      hsts === undefined
        ? undefined
        : [
            `max-age=${hsts.AccessControlMaxAgeSec}`,
            ...(hsts.IncludeSubdomains === true ? ["includeSubDomains"] : []),
            ...(hsts.Preload === true ? ["preload"] : []),
          ].join("; "),
    ],
  ];
  return Object.fromEntries(
    values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
