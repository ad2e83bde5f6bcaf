import { probeHeader } from "../../aws/listener/probe-rule.ts";
import type { ProbeSettings } from "../../config/schema/probe.ts";
import { callGrpc } from "../../network/grpc-call.ts";
import { askAddress, connectionReason, type AddressQuestion } from "../observe/address.ts";
import type { Probe } from "../strategy/machine.ts";

export interface ProbeRequest {
  /** Null, and any address with a login, probes the address as `up` does: any 2xx on the health path, or the version. */
  readonly settings: ProbeSettings | null;
  readonly address: AddressQuestion;
  /** Value of the header that leads to the new colour; null sends the request as users do. */
  readonly token: string | null;
}

/**
 * Sends one real request, and asks for the version at the same time where the app reports one. Never throws: a failed request is a result.
 * Ends after the probe's timeout, or when the signal aborts.
 */
export async function sendProbe(
  fetcher: typeof fetch,
  request: ProbeRequest,
  signal: AbortSignal,
): Promise<Probe> {
  const { settings, address, token } = request;
  // No probe of the address logs in. Its way to the login is a sign of life of the address; the probe by the header asks the version.
  if (settings === null || (token === null && address.login !== undefined)) {
    const { answered: good, version, detail } = await askAddress(fetcher, address);
    return { by: "address", good, version, detail };
  }
  const marked: typeof fetch =
    token === null
      ? fetcher
      : async (input, init) =>
          fetcher(input, {
            ...init,
            headers: { ...(init?.headers as Record<string, string>), [probeHeader]: token },
          });
  const [answer, version] = await Promise.all([
    (address.protocol === "grpc" ? call : ask)(marked, settings, address.url, signal),
    address.version === null
      ? null
      : askAddress(marked, { ...address, login: undefined }, settings.timeoutSeconds * 1000).then(
          (one) => one.version,
        ),
  ]);
  return { by: token === null ? "address" : "rule", version, ...answer };
}

async function ask(
  fetcher: typeof fetch,
  settings: ProbeSettings,
  url: string,
  signal: AbortSignal,
): Promise<{ readonly good: boolean; readonly detail: string }> {
  const what = `${settings.method} ${settings.path}`;
  try {
    const response = await fetcher(new URL(settings.path, url), {
      method: settings.method,
      headers: { "user-agent": "infer-deploy", ...settings.headers },
      ...(settings.body === null ? {} : { body: settings.body }),
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutSeconds * 1000)]),
    });
    const text = await response.text();
    if (response.status !== settings.status) {
      const words = text.trim().slice(0, wordsShown);
      return {
        good: false,
        detail: `${what} answered ${response.status} instead of ${settings.status}${words === "" ? "" : `: ${words}`}`,
      };
    }
    if (settings.jsonPath !== null && !hasPath(text, settings.jsonPath)) {
      return {
        good: false,
        detail: `${what} answered ${response.status} without ${settings.jsonPath} in its JSON`,
      };
    }
    return { good: true, detail: `${what} answered ${response.status}` };
  } catch (error) {
    return { good: false, detail: `${what}: ${reason(error, settings.timeoutSeconds)}` };
  }
}

async function call(
  fetcher: typeof fetch,
  settings: ProbeSettings,
  url: string,
  signal: AbortSignal,
): Promise<{ readonly good: boolean; readonly detail: string }> {
  const what = `call of ${settings.path}`;
  try {
    const { code, detail } = await callGrpc(fetcher, new URL(settings.path, url), {
      headers: settings.headers,
      ...(settings.body === null ? {} : { message: settings.body }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(settings.timeoutSeconds * 1000)]),
    });
    const good = code === settings.status;
    const instead = good ? "" : ` instead of code ${settings.status}`;
    return { good, detail: `${what} ${detail}${instead}` };
  } catch (error) {
    return { good: false, detail: `${what}: ${reason(error, settings.timeoutSeconds)}` };
  }
}

/** Whether the JSON has something at a path such as data.0.embedding. */
function hasPath(text: string, path: string): boolean {
  try {
    let value: unknown = JSON.parse(text);
    for (const key of path.split(".")) {
      value = (value as Record<string, unknown> | null)?.[key];
    }
    return value !== undefined && value !== null;
  } catch {
    return false;
  }
}

function reason(error: unknown, timeoutSeconds: number): string {
  return error instanceof Error && error.name === "TimeoutError"
    ? `no answer within ${timeoutSeconds} s`
    : connectionReason(error);
}

const wordsShown = 200;
