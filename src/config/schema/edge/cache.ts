import * as z from "zod/mini";
import { secondsOf } from "../../fields/time/duration.ts";
import * as field from "../../fields/fields.ts";
import { key, mapOf } from "../../fields/keys.ts";

/** A route whose answers to GET CloudFront keeps. Only what is in its key reaches the app: path, `query` and `headers`. */
export interface CachedRoute {
  /** With the wildcards * and ?, as CloudFront's path patterns have them. */
  readonly path: string;
  readonly seconds: number;
  /** Names of query parameters, all of them, or none. */
  readonly query: "all" | "none" | readonly string[];
  readonly headers: readonly string[];
}

const byDefault = { query: "all" } as const;

const queryAllowed = "all, none, or a list of 1 to 10 names of parameters, such as [lang]";
const parameter = field.text(/^[A-Za-z0-9_.~-]{1,128}$/, queryAllowed);

const headersAllowed = "a list of at most 8 names of headers, such as [Accept-Language]";

const routeShape = {
  path: key(
    // CloudFront API reference, CacheBehavior, PathPattern.
    field.text(
      /^\/[A-Za-z0-9_.*$/~"'@:+?&-]{0,254}$/,
      "a path that begins with /, such as /labels or /labels/*",
    ),
    "Path, in which * is any text and ? one character. The first route that matches applies. CloudFront answers 403 there for methods other than GET, HEAD and OPTIONS.",
  ),
  ttl: key(
    field.duration(1, 86_400),
    "How long an answer is kept. The app's Cache-Control can shorten it, down to no-store. A release and a rollback empty the cache.",
  ),
  query: key(
    z.union([z.enum(["all", "none"]), z.array(parameter).check(z.minLength(1), z.maxLength(10))], {
      error: queryAllowed,
    }),
    "Query parameters that an answer depends on. The app gets no others.",
    byDefault.query,
  ),
  headers: key(
    z
      .array(field.text(/^[A-Za-z0-9-]{1,64}$/, headersAllowed), { error: headersAllowed })
      .check(z.maxLength(8, { error: headersAllowed })),
    "Headers that an answer depends on. The app gets no others, nor cookies: without Authorization in the list it sees no Authorization.",
    [],
  ),
};

const routes = "a list of at most 10 routes, each with path and ttl";

export const cache = key(
  z
    .array(z.strictObject(routeShape, { error: mapOf(routeShape) }), { error: routes })
    .check(z.maxLength(10, { error: routes })),
  "Routes whose answers to GET CloudFront keeps and gives to every user. Needs https: cloudfront. Nothing else is cached.",
  [],
);

type CacheKeys = NonNullable<z.infer<typeof cache>>;

/** A path or a time that is missing is empty here, and a contradiction later. */
export function settleCache(keys: CacheKeys = []): readonly CachedRoute[] {
  return keys.map(({ path = "", ttl, query = byDefault.query, headers = [] }) => ({
    path,
    seconds: ttl === undefined ? 0 : secondsOf(ttl),
    query,
    headers,
  }));
}
