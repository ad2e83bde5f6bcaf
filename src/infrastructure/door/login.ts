import type { Config } from "../../config/schema/config.ts";
import type { Reporter } from "../../report/reporter.ts";
import type { LoginEndpoints } from "../../stack/stack-input.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import {
  stackKey,
  type AppliedFacts,
  type AppliedLogin,
  type StackRecord,
} from "../../state/stack-record.ts";

/** A login that is asked for, before any listener has it. */
export type WantedLogin = Omit<AppliedLogin, "listener_arn">;

/** The login of `auth: oidc` in front of an address. */
export interface Login {
  /** Throws CommandError (64) when the issuer cannot be used, or when the client's secret was never set. */
  readonly wanted: () => Promise<WantedLogin>;
  /** Makes the listener ask for it, with the client's newest secret. Resolves to false when there is no such listener. */
  readonly set: (listenerArn: string, login: WantedLogin) => Promise<boolean>;
  readonly remove: (listenerArn: string) => Promise<void>;
}

/** Whether the listener that serves needs another login, or none, as far as the record says. */
export function needsLogin(
  applied: Pick<AppliedFacts, "login" | "outputs"> | undefined,
  wanted: WantedLogin | undefined,
): boolean {
  const { login, outputs } = applied ?? {};
  if (wanted === undefined || login === undefined) return wanted !== login;
  return (
    login.listener_arn !== listenerOf(outputs) ||
    Object.entries(wanted).some(([key, value]) => login[key as keyof WantedLogin] !== value)
  );
}

/**
 * Closes the door of a stack before Terraform changes it: what it removes may be what kept others out until now. A listener that is not made yet
 * asks for a login from its first moment.
 */
export async function closeDoor(
  login: Login,
  applied: AppliedFacts | undefined,
  wanted: WantedLogin | undefined,
): Promise<void> {
  const listener = listenerOf(applied?.outputs);
  if (wanted === undefined || applied === undefined || listener === undefined) return;
  if (applied.cloudfront === true || !applied.outputs.url.startsWith("https:")) return;
  await login.set(listener, wanted);
}

/**
 * Sets or removes the login of the listener that serves, and notes it in stack.json. `isForced`: also when nothing seems changed. Resolves to
 * the stack as it is then.
 */
export async function settleLogin(
  {
    login,
    reporter,
    store,
  }: {
    readonly login: Login;
    readonly reporter: Pick<Reporter, "notify">;
    readonly store: Pick<ObjectStore, "put">;
  },
  stack: StackRecord,
  wanted: WantedLogin | undefined,
  isForced: boolean,
): Promise<StackRecord> {
  const listener = listenerOf(stack.outputs);
  if (listener === undefined) return stack;
  if (!needsLogin(stack, wanted)) {
    if (!isForced) return stack;
    // A login that an interrupted `up` has set is in no record.
    if (wanted === undefined) {
      await login.remove(listener);
      return stack;
    }
  }
  const { login: before, ...rest } = stack;
  const settled: StackRecord =
    wanted === undefined ? rest : { ...rest, login: { ...wanted, listener_arn: listener } };
  await (wanted === undefined ? login.remove(listener) : login.set(listener, wanted));
  await store.put(stackKey, settled);
  const text =
    wanted === undefined
      ? "the address asks for no login any more"
      : before === undefined
        ? `the address asks for a login at ${wanted.issuer}`
        : `the login at ${wanted.issuer} is set again`;
  reporter.notify({ type: "note", text });
  return settled;
}

/** One machine has none, and no login. */
function listenerOf(outputs: AppliedFacts["outputs"] | undefined): string | undefined {
  return outputs !== undefined && "listener_arn" in outputs ? outputs.listener_arn : undefined;
}

/** One line of the plan; null when `up` would not touch the login. */
export function loginPlan(
  applied: AppliedFacts | undefined,
  wanted: WantedLogin | undefined,
): string | null {
  if (!needsLogin(applied, wanted)) return null;
  if (wanted === undefined) return "- the login: everyone is let in";
  return applied?.login === undefined
    ? `+ a login at ${wanted.issuer}`
    : applied.login.secret_version === wanted.secret_version
      ? `~ the login at ${wanted.issuer}`
      : `~ the login at ${wanted.issuer} gets the new client secret`;
}

/** Those that were applied for the issuer. They spare a plan the question, which the check of the issuer asks anyway. */
export function appliedEndpoints(
  { oidc }: Pick<Config, "oidc">,
  applied: Pick<AppliedFacts, "login"> | undefined,
): LoginEndpoints | undefined {
  const login = applied?.login;
  if (login === undefined || login.issuer !== oidc?.issuer) return undefined;
  return {
    authorization: login.authorization_endpoint,
    token: login.token_endpoint,
    userInfo: login.user_info_endpoint,
  };
}

/** Endpoints for a plan that only destroys: it must not fail because the issuer is gone. */
export function unknownEndpoints({ oidc }: Pick<Config, "oidc">): LoginEndpoints {
  const url = `${oidc?.issuer ?? ""}/unknown`;
  return { authorization: url, token: url, userInfo: url };
}
