import { expect, test } from "vitest";
import { entryUrl, judgeVisit, safeHeaders, sessionCookie, type Gate, type Visit } from "./gate.ts";

const gate: Gate = { port: 4000, token: "the-token", isSpent: false, session: "the-session" };
const [cookie = ""] = sessionCookie(gate).split(";");
const visit: Visit = {
  method: "GET",
  url: "/",
  host: "127.0.0.1:4000",
  origin: undefined,
  site: "none",
  cookie: undefined,
};

test("the printed address is exchanged for a cookie once; with the cookie it only leads to the page", () => {
  const { pathname, search } = new URL(entryUrl(gate));
  const first = { ...visit, url: `${pathname}${search}` };
  expect(judgeVisit(gate, first)).toEqual({ kind: "exchange" });
  const spent = { ...gate, isSpent: true };
  expect(judgeVisit(spent, first)).toMatchObject({
    status: 403,
    text: expect.stringContaining("works once") as unknown,
  });
  expect(judgeVisit(spent, { ...first, cookie })).toEqual({ kind: "exchange" });
});

test("the cookie opens every path, by each name of this machine", () => {
  for (const host of ["127.0.0.1:4000", "localhost:4000"]) {
    const asked = { ...visit, host, cookie: `other=1; ${cookie}`, url: "/events?x=1" };
    expect(judgeVisit(gate, asked)).toEqual({ kind: "serve", path: "/events" });
    const own = { ...asked, origin: `http://${host}`, site: "same-origin" };
    expect(judgeVisit(gate, own)).toEqual({ kind: "serve", path: "/events" });
  }
});

test("the cookie is not for scripts, not for other sites, and named after the port", () => {
  expect(sessionCookie(gate)).toBe(
    "infer-deploy-dashboard-4000=the-session; HttpOnly; SameSite=Strict; Path=/",
  );
});

test.each<[string, Partial<Visit>, number]>([
  ["no cookie and no token", {}, 403],
  ["a wrong token", { url: "/?token=the-tokem" }, 403],
  ["a longer token", { url: "/?token=the-token1" }, 403],
  ["an empty token", { url: "/?token=" }, 403],
  ["the token on another path", { url: "/events?token=the-token" }, 403],
  ["the token in a path with two slashes", { url: "//?token=the-token" }, 403],
  ["a wrong cookie", { cookie: `${cookie}x` }, 403],
  ["another dashboard's cookie", { cookie: "infer-deploy-dashboard-4001=the-session" }, 403],
  ["another host name", { cookie, host: "example.com:4000" }, 421],
  ["a name that begins like this machine's", { cookie, host: "localhost.example.com:4000" }, 421],
  ["another port", { cookie, host: "127.0.0.1:4001" }, 421],
  ["no port", { cookie, host: "127.0.0.1" }, 421],
  ["no host", { cookie, host: undefined }, 421],
  ["another origin", { cookie, origin: "http://example.com" }, 403],
  ["an origin without a name", { cookie, origin: "null" }, 403],
  ["this machine's other name as origin", { cookie, origin: "http://localhost:4000" }, 403],
  ["a page of another site", { cookie, site: "cross-site" }, 403],
  ["a page on another port of this machine", { cookie, site: "same-site" }, 403],
  ["the token, from a page of another site", { url: "/?token=the-token", site: "cross-site" }, 403],
  ["another method", { cookie, method: "POST" }, 405],
  [
    "the token with HEAD, which a scanner of links sends",
    { url: "/?token=the-token", method: "HEAD" },
    405,
  ],
])("nothing for %s", (_name, change, status) => {
  expect(judgeVisit(gate, { ...visit, ...change })).toEqual({ kind: "refuse", status, text: "" });
});

test("a page can load nothing from elsewhere and has no inline code", () => {
  const policy = safeHeaders["content-security-policy"] ?? "";
  expect(policy).toMatch(/^default-src 'none';/);
  expect(policy).not.toMatch(/unsafe|http|\*|data:/);
});
