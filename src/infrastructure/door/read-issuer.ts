import * as z from "zod/mini";
import { CommandError, exitCodes, type ErrorFacts } from "../../errors/command-error.ts";
import { connectionReason } from "../../release/observe/address.ts";
import type { LoginEndpoints } from "../../stack/stack-input.ts";

/**
 * Where the issuer's logins go, from its own description (OpenID Connect Discovery 1.0, section 4). Throws CommandError (64) when the issuer does
 * not answer, is another one, or lacks an endpoint that a load balancer needs. `place`: where the configuration names it.
 */
export async function readIssuer(
  fetcher: typeof fetch,
  issuer: string,
  place: string,
): Promise<LoginEndpoints> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const refuse = (message: string, facts: Pick<ErrorFacts, "next" | "why">): CommandError =>
    new CommandError(message, {
      exitCode: exitCodes.usage,
      where: `oidc.issuer: ${issuer} (${place})`,
      ...facts,
    });
  let answer: { readonly status: number; readonly text: string };
  try {
    const response = await fetcher(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(answerMilliseconds),
      headers: { accept: "application/json", "user-agent": "infer-deploy" },
    });
    answer = { status: response.status, text: await response.text() };
  } catch (error) {
    throw refuse("The OIDC issuer does not answer.", {
      why: `GET ${url}: ${connectionReason(error)}`,
      next: "set oidc.issuer to a URL that answers from here and from the internet, as the load balancer asks it too; then run infer-deploy up again",
    });
  }
  const found = answer.status === 200 ? parse(answer.text) : undefined;
  if (found === undefined) {
    throw refuse("The OIDC issuer does not describe itself.", {
      why: `GET ${url} answered ${answer.status}${answer.status === 200 ? ", but not with OpenID Connect's JSON" : ""}`,
      next: "set oidc.issuer to the URL before /.well-known/openid-configuration, which the issuer's documentation names",
    });
  }
  if (found.issuer !== issuer) {
    throw refuse("This URL describes another OIDC issuer.", {
      why: `its description names ${JSON.stringify(found.issuer)}, and a load balancer refuses tokens of an issuer with any other spelling`,
      next: `set oidc.issuer to ${found.issuer}, if that is the right one`,
    });
  }
  const urls = {
    authorization_endpoint: found.authorization_endpoint,
    token_endpoint: found.token_endpoint,
    userinfo_endpoint: found.userinfo_endpoint,
  };
  const bad = Object.entries(urls).find(([, value]) => value === undefined || !isHttps(value));
  if (bad !== undefined) {
    const [name, value] = bad;
    throw refuse(`The OIDC issuer has no ${name} that a load balancer could use.`, {
      why:
        value === undefined
          ? `${url} does not name one, and a load balancer needs authorization, token and user info`
          : `it is ${value}, and a load balancer takes https only`,
      next: "set oidc.issuer to one that has all three endpoints over https",
    });
  }
  const { authorization_endpoint = "", token_endpoint = "", userinfo_endpoint = "" } = urls;
  return {
    authorization: authorization_endpoint,
    token: token_endpoint,
    userInfo: userinfo_endpoint,
  };
}

function parse(text: string): z.infer<typeof description> | undefined {
  try {
    return description.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function isHttps(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === "https:";
}

const description = z.object({
  issuer: z.string(),
  authorization_endpoint: z.optional(z.string()),
  token_endpoint: z.optional(z.string()),
  userinfo_endpoint: z.optional(z.string()),
});

const answerMilliseconds = 10_000;
