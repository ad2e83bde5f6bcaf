import { fixedKeyring, type Keyring, type Keys } from "../../aws/credentials/keyring.ts";
import { readProfile } from "../../aws/credentials/load-keys.ts";
import { openKeyring } from "../../aws/credentials/open-keyring.ts";
import { renewalOf, sourceText } from "../../aws/credentials/source.ts";
import { createRequestHandler } from "../../network/request-handler.ts";
import { readTrust } from "../../network/trust.ts";
import type { AwsSettings } from "../../aws/clients.ts";
import type { Deps } from "../../deps.ts";
import { withKeys, type Start } from "../hand-over.ts";
import type { Credentials } from "../../release/parts.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** How a verb reaches AWS: the keys that all its clients and programs sign with, and the way there. */
export interface Access extends Required<Pick<AwsSettings, "credentials" | "requestHandler">> {
  readonly keyring: Keyring;
  /** Where the keys come from, in a few words; known once they are loaded. */
  readonly source: () => string;
  /** The command that gives new keys when these have ended. */
  readonly renewal: () => string;
  readonly validity: Credentials;
  /** For the user's own programs: the same principal, without a secret that they did not have. */
  readonly programEnv: Environment;
  /** For terraform, which cannot ask for a code and would prefer keys in the environment to a profile: the keys themselves. */
  readonly terraformEnv: () => Promise<Environment>;
  /** For this program in the background, which can ask for nothing. */
  readonly inBackground: (start: Start) => Promise<Start>;
}

/** The user's own credentials. Loads nothing yet. Throws CommandError (64) for a file of authorities that cannot be used. */
export async function openAccess(
  {
    env,
    interactive,
    interrupts,
    reporter,
    clock,
  }: Pick<Deps, "clock" | "env" | "interactive" | "interrupts" | "reporter">,
  profile: string | undefined,
  region: string,
): Promise<Access> {
  const facts = await readProfile(env, profile);
  const trust = await readTrust(env, facts.bundle ?? undefined);
  const requestHandler = await createRequestHandler(env, trust);
  const keyring = openKeyring(
    {
      interactive,
      askLine: reporter.askLine,
      signal: interrupts.aborted,
      now: () => clock.now().getTime(),
      region,
      requestHandler,
    },
    facts,
  );
  let features: readonly string[] = [];
  let isTemporary = false;
  const keys = async (): Promise<Keys> => {
    const found: Keys & { readonly $source?: object } = await keyring.keys();
    features = Object.keys(found.$source ?? {});
    isTemporary = found.sessionToken !== undefined;
    return found;
  };
  return {
    keyring,
    credentials: keys,
    requestHandler,
    source: () => sourceText(features, facts),
    ...validityOf(
      keyring,
      () => isTemporary,
      () => renewalOf(features, facts),
    ),
    programEnv: facts.name === undefined ? {} : { ...withoutKeys, AWS_PROFILE: facts.name },
    terraformEnv: async () => ({
      ...keyVariables(await keyring.lasting(terraformSeconds)),
      ...(trust === undefined ? {} : { AWS_CA_BUNDLE: trust.file }),
    }),
    inBackground: async (start) =>
      facts.mfa === null ? start : withKeys(start, await keyring.keys()),
  };
}

/** A rehearsal's keys, which no one else has a use for. They end only by the weather of the sandbox. */
export async function rehearsalAccess(
  keys: Keys,
  environment: Environment,
  sandbox: string,
): Promise<Access> {
  const keyring = fixedKeyring(keys);
  return {
    keyring,
    credentials: keys,
    requestHandler: await createRequestHandler({}, undefined),
    source: () => "the local region",
    ...validityOf(
      keyring,
      () => false,
      () => `infer-deploy sandbox weather none --name ${sandbox}`,
    ),
    programEnv: environment,
    terraformEnv: async () => environment,
    inBackground: async (start) => start,
  };
}

function validityOf(
  { lasting, secondsLeft }: Keyring,
  isTemporary: () => boolean,
  renewal: () => string,
): Pick<Access, "renewal" | "validity"> {
  return {
    renewal,
    validity: {
      secondsLeft,
      lasting: async (seconds) => {
        await lasting(seconds);
        return secondsLeft(0);
      },
      isTemporary,
      renewal,
    },
  };
}

function keyVariables({ accessKeyId, secretAccessKey, sessionToken }: Keys): Environment {
  return {
    ...withoutKeys,
    AWS_PROFILE: undefined,
    AWS_DEFAULT_PROFILE: undefined,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}

const withoutKeys: Environment = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_CREDENTIAL_EXPIRATION: undefined,
};

/** Longer than most applies take. */
const terraformSeconds = 30 * 60;
