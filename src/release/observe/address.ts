import type { Protocol } from "../../config/schema/requests.ts";
import { callGrpc } from "../../network/grpc-call.ts";
import type { AddressAnswer } from "./snapshot.ts";

export interface AddressQuestion {
  readonly url: string;
  readonly healthPath: string;
  /** Its good answers in addition to 200 to 299. */
  readonly healthCodes?: readonly number[];
  /** Where the app reports its version: a path and a field of the JSON answer. */
  readonly version: { readonly path: string; readonly field: string } | null;
  /** What the stack speaks. Undefined: http1. */
  readonly protocol?: Protocol;
  /** URL of the login to which the address leads every request. Undefined: the app answers. */
  readonly login?: string | undefined;
}

/** The question to the stack's address, as of the last apply. */
export function addressQuestion(
  config: {
    readonly health: { readonly path: string; readonly codes?: readonly number[] | null };
    readonly version: AddressQuestion["version"];
    readonly requests?: { readonly protocol: Protocol };
  },
  {
    login,
    outputs: { url },
  }: {
    readonly login?: { readonly authorization_endpoint: string } | undefined;
    readonly outputs: { readonly url: string };
  },
): AddressQuestion {
  return {
    url,
    healthPath: config.health.path,
    ...(config.health.codes ? { healthCodes: config.health.codes } : {}),
    version: config.version,
    ...(config.requests === undefined ? {} : { protocol: config.requests.protocol }),
    ...(login === undefined ? {} : { login: login.authorization_endpoint }),
  };
}

/**
 * Sends one request to the stack's address, for at most `timeoutMilliseconds`. Never throws: a failed request is part of the result. With a login
 * the address has answered when it leads there, and an answer of the app is a bad one: the door is open.
 */
export async function askAddress(
  fetcher: typeof fetch,
  question: AddressQuestion,
  timeoutMilliseconds = 3000,
): Promise<AddressAnswer> {
  if (question.protocol === "grpc") return askMethod(fetcher, question, timeoutMilliseconds);
  const path = question.version?.path ?? question.healthPath;
  try {
    const response = await fetcher(new URL(path, question.url), {
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMilliseconds),
      headers: { "user-agent": "infer-deploy" },
    });
    const detail = `GET ${path} answered ${response.status}`;
    const text = await response.text();
    if (question.login !== undefined) {
      return { version: null, ...loginAnswer(response, question.login, detail) };
    }
    const isGood =
      response.ok ||
      (path === question.healthPath && question.healthCodes?.includes(response.status) === true);
    if (!isGood) {
      return { answered: false, version: null, detail };
    }
    if (question.version === null) {
      return { answered: true, version: null, detail };
    }
    const version = readField(text, question.version.field);
    return version === undefined
      ? {
          answered: false,
          version: null,
          detail: `${detail} without a field "${question.version.field}"`,
        }
      : { answered: true, version, detail };
  } catch (error) {
    return { answered: false, version: null, detail: `GET ${path}: ${connectionReason(error)}` };
  }
}

async function askMethod(
  fetcher: typeof fetch,
  { healthCodes = [0], healthPath, url }: AddressQuestion,
  timeoutMilliseconds: number,
): Promise<AddressAnswer> {
  const what = `call of ${healthPath}`;
  try {
    const { code, detail } = await callGrpc(fetcher, new URL(healthPath, url), {
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    const answered = code !== null && healthCodes.includes(code);
    return { answered, version: null, detail: `${what} ${detail}` };
  } catch (error) {
    return { answered: false, version: null, detail: `${what}: ${connectionReason(error)}` };
  }
}

function loginAnswer(
  { headers, ok, status }: Response,
  login: string,
  detail: string,
): Pick<AddressAnswer, "answered" | "detail"> {
  if (ok) return { answered: false, detail: `${detail} without a login: the door is open` };
  const location = status === 302 ? headers.get("location") : null;
  if (location !== null && isSamePlace(location, login)) {
    return { answered: true, detail: `${detail}, to the login` };
  }
  return { answered: false, detail: `${detail} instead of leading to the login` };
}

function isSamePlace(url: string, wanted: string): boolean {
  if (!URL.canParse(url)) return false;
  const [one, other] = [new URL(url), new URL(wanted)];
  return one.origin === other.origin && one.pathname === other.pathname;
}

/** Whether a probe with this detail got no HTTP answer at all. */
export function gotNoAnswer(detail: string): boolean {
  return /no answer within|aborted due to timeout|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT/.test(
    detail,
  );
}

function readField(text: string, field: string): string | undefined {
  try {
    const value: unknown = (JSON.parse(text) as Record<string, unknown>)[field];
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  } catch {
    return undefined;
  }
}

/** Why a request got no answer, for a person. fetch hides the socket's error in the cause. */
export function connectionReason(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const cause = error.cause as { readonly code?: string; readonly message?: string } | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}
