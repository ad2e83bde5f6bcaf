import { readAddresses } from "./route53.ts";
import { readSandboxState } from "./state-file.ts";

/**
 * In a rehearsal every issuer of logins exists, because none is reached: the sandbox describes it, with endpoints below its URL at which nothing
 * answers. Undefined for any other request, and for an issuer that a test has started on this machine.
 */
export async function standInIssuer(
  folder: string,
  input: string | URL | Request,
): Promise<Response | undefined> {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.protocol !== "https:" || !url.pathname.endsWith(description)) return undefined;
  const state = await readSandboxState(folder);
  if (state === undefined || Object.hasOwn(await readAddresses(state), url.hostname)) {
    return undefined;
  }
  const issuer = url.href.slice(0, -description.length);
  return Response.json({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
  });
}

const description = "/.well-known/openid-configuration";
