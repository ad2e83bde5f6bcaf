import { timingSafeEqual } from "node:crypto";

/** Who may see the page of one run. */
export interface Gate {
  readonly port: number;
  /** Of the printed address. The first visit with it spends it. */
  readonly token: string;
  readonly isSpent: boolean;
  /** Of the cookie that the token was exchanged for. */
  readonly session: string;
}

/** A request, as far as it is judged. */
export interface Visit {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Sec-Fetch-Site; every current browser sends it to loopback addresses. */
  readonly site: string | undefined;
  readonly cookie: string | undefined;
}

export type Verdict =
  /** Set the cookie and lead to the page. */
  | { readonly kind: "exchange" }
  | { readonly kind: "serve"; readonly path: string }
  | { readonly kind: "refuse"; readonly status: 403 | 405 | 421; readonly text: string };

/**
 * Judges one request. A page of another origin must not get or start anything: its host name may lead here (DNS rebinding), and other ports
 * of localhost count as the same site, so that SameSite cookies come with their requests.
 */
export function judgeVisit(gate: Gate, visit: Visit): Verdict {
  const { method, host, origin, site } = visit;
  const hosts = [`127.0.0.1:${gate.port}`, `localhost:${gate.port}`];
  if (host === undefined || !hosts.includes(host)) return refuse(421);
  if (origin !== undefined && origin !== `http://${host}`) return refuse(403);
  if (site !== undefined && site !== "same-origin" && site !== "none") return refuse(403);
  if (method !== "GET") return refuse(405);
  // Not by `new URL`: two slashes at the start would make a host of the path.
  const [path = "", query = ""] = visit.url.split("?", 2);
  const hasSession = isSame(cookieOf(visit.cookie, cookieName(gate)), gate.session);
  const token = new URLSearchParams(query).get(tokenName);
  if (path === "/" && token !== null && isSame(token, gate.token)) {
    if (hasSession || !gate.isSpent) return { kind: "exchange" };
    return refuse(
      403,
      "This address was opened already, and it works once. infer-deploy dashboard prints another one.\n",
    );
  }
  return hasSession ? { kind: "serve", path } : refuse(403);
}

/** What a browser is asked to open. */
export function entryUrl({ port, token }: Pick<Gate, "port" | "token">): string {
  return `http://127.0.0.1:${port}/?${tokenName}=${token}`;
}

/** Ports of one host share their cookies, so that the name must tell two dashboards apart. */
export function sessionCookie(gate: Pick<Gate, "port" | "session">): string {
  return `${cookieName(gate)}=${gate.session}; HttpOnly; SameSite=Strict; Path=/`;
}

/** Of every answer. Nothing comes from elsewhere, nothing is kept, and no other page may hold this one in a frame. */
export const safeHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  // The address has the token.
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

function refuse(status: 403 | 405 | 421, text = ""): Verdict {
  return { kind: "refuse", status, text };
}

function cookieName({ port }: Pick<Gate, "port">): string {
  return `infer-deploy-dashboard-${port}`;
}

function cookieOf(header: string | undefined, name: string): string {
  const pairs = (header ?? "").split(";").map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}

/** In a time that does not say how much of the guess is right. */
function isSame(guess: string, secret: string): boolean {
  const [one, other] = [Buffer.from(guess), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const tokenName = "token";
