import { expect, test } from "vitest";
import { renderLogin } from "./login-config.ts";

const login = {
  authorizationEndpoint: "https://login.example.com/auth",
  clientId: "a demo%",
  scope: "openid email",
  onUnauthenticated: "authenticate",
};

test("a request of the default rule goes to the issuer, with what AWS sends", () => {
  expect(renderLogin(login)).toEqual([
    "http-request redirect code 302 location 'https://login.example.com/auth?client_id=a+demo%%25&response_type=code&scope=openid+email&redirect_uri=https%%3A%%2F%%2F%[req.hdr(host),field(1,:)]%%2Foauth2%%2Fidpresponse&state=%[uuid()]' if { var(txn.rule) -m str default }",
  ]);
  const asking = { ...login, authorizationEndpoint: "https://login.example.com/?tenant=a" };
  expect(renderLogin(asking)[0]).toContain("/?tenant=a&client_id=");
});

test.each(["deny", "allow"])("with %s no request passes either", (onUnauthenticated) => {
  expect(renderLogin({ ...login, onUnauthenticated })).toEqual([
    "http-request return status 401 if { var(txn.rule) -m str default }",
  ]);
});
