import { expect, test } from "vitest";
import { readIssuer } from "./read-issuer.ts";

const issuer = "https://login.example.com/realms/a";
const description = {
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/me`,
};

/** The endpoints of an issuer that gives this answer. */
async function read(answer: Response | Error, asked: string[] = []) {
  const fetcher: typeof fetch = async (input) => {
    asked.push(String(input instanceof Request ? input.url : input));
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return readIssuer(fetcher, issuer, "infer-deploy.yml:9:11");
}

test("the endpoints come from the issuer's own description", async () => {
  const asked: string[] = [];
  expect(await read(Response.json(description), asked)).toEqual({
    authorization: `${issuer}/auth`,
    token: `${issuer}/token`,
    userInfo: `${issuer}/me`,
  });
  expect(asked).toEqual([`${issuer}/.well-known/openid-configuration`]);
});

test.each([
  [
    "no answer",
    new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }),
    "does not answer",
    "ECONNREFUSED",
  ],
  ["404", new Response("", { status: 404 }), "does not describe itself", "answered 404"],
  ["a page", new Response("<html>"), "does not describe itself", "not with OpenID Connect's JSON"],
  ["a move", new Response("", { status: 301 }), "does not describe itself", "answered 301"],
  [
    "another spelling",
    Response.json({ ...description, issuer: `${issuer}/` }),
    "another OIDC issuer",
    `names "${issuer}/"`,
  ],
  [
    "no user info",
    Response.json({ ...description, userinfo_endpoint: undefined }),
    "no userinfo_endpoint",
    "does not name one",
  ],
  [
    "an endpoint without TLS",
    Response.json({ ...description, token_endpoint: "http://login.example.com/token" }),
    "no token_endpoint",
    "https only",
  ],
])("%s is refused, with the place and what would be right", async (_, answer, message, why) => {
  await expect(read(answer)).rejects.toMatchObject({
    exitCode: 64,
    message: expect.stringContaining(message) as string,
    where: `oidc.issuer: ${issuer} (infer-deploy.yml:9:11)`,
    why: expect.stringContaining(why) as string,
    next: expect.stringContaining("set oidc.issuer to") as string,
  });
});
