import { callbackify } from "node:util";
import type { fromIni } from "@aws-sdk/credential-provider-ini";
import { externalDataInterceptor, parseKnownFiles } from "@smithy/core/config";
import type { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Keys } from "./keyring.ts";
import { profileFacts, type ProfileFacts } from "./profile.ts";

export interface LoadDeps {
  readonly region: string;
  readonly requestHandler: NodeHttpHandler;
  /** Resolves to the code of an MFA device. */
  readonly askCode: (device: string) => Promise<string>;
  /** Runs a `credential_process` and resolves to its output. */
  readonly runProgram: (line: string) => Promise<{ readonly stdout: string }>;
}

/**
 * The keys by the SDK's own sources. A profile that says where its keys come from is the only source: the SDK's chain would continue after a failure, run
 * the profile's program a second time, and end with the role of the machine or with an error that no longer has the reason.
 * Throws the SDK's errors. `isFirst`: the files have not been read before.
 */
export async function loadKeys(
  { region, requestHandler, askCode, runProgram }: LoadDeps,
  facts: ProfileFacts,
  isFirst: boolean,
): Promise<Keys> {
  const init: NonNullable<Parameters<typeof fromIni>[0]> = {
    ...(facts.name === undefined ? {} : { profile: facts.name }),
    ignoreCache: !isFirst,
    mfaCodeProvider: askCode,
    clientConfig: { requestHandler, maxAttempts: 2 },
    parentClientConfig: { region, requestHandler },
    logger: silent,
  };
  // The SDK captures the program's standard error, and offers no other way to run it: its tests use this one.
  externalDataInterceptor.interceptToken("exec", callbackify(runProgram));
  if (facts.hasSource) {
    const { fromIni: fromProfile } = await import("@aws-sdk/credential-provider-ini");
    // While the SDK asks for the code, nothing would catch the error of a sign-in that has ended.
    if (facts.mfa !== null && facts.signIn !== null) {
      await fromProfile({ ...init, profile: facts.signIn.profile })();
    }
    return fromProfile(init)();
  }
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
  return defaultProvider(init)();
}

/** What ~/.aws says about the profile. With keys in the environment and no profile, no file takes part. */
export async function readProfile(
  env: Readonly<Record<string, string | undefined>>,
  asked: string | undefined,
): Promise<ProfileFacts> {
  const name = asked ?? (env["AWS_PROFILE"] || undefined);
  const hasKeys = Boolean(env["AWS_ACCESS_KEY_ID"] && env["AWS_SECRET_ACCESS_KEY"]);
  const facts = profileFacts(await parseKnownFiles({}), name);
  return name === undefined && hasKeys
    ? { ...profileFacts({}, undefined), bundle: facts.bundle }
    : facts;
}

/** The SDK would print to the console that a profile comes before keys in the environment. */
const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
