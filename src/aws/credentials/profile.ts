/** Profiles of ~/.aws/config and ~/.aws/credentials, by name. */
export type Profiles = Readonly<
  Record<string, Readonly<Record<string, string | undefined>> | undefined>
>;

/** What a profile's keys depend on, found along its `source_profile`. */
export interface ProfileFacts {
  /** Undefined: the default one, that no flag or variable names. */
  readonly name: string | undefined;
  readonly exists: boolean;
  /** Whether it says where its keys come from. One with a region only leaves that to the machine. */
  readonly hasSource: boolean;
  /** The profile whose sign-in gives the keys, and the command that does it. */
  readonly signIn: { readonly profile: string; readonly command: "sso login" | "login" } | null;
  /** The profile whose program gives the keys. */
  readonly program: string | null;
  /** The device whose code is asked for. */
  readonly mfa: string | null;
  readonly role: string | null;
  /** A file of authorities. */
  readonly bundle: string | null;
}

export function profileFacts(profiles: Profiles, asked: string | undefined): ProfileFacts {
  const name = asked ?? defaultProfile;
  const chain = chainOf(profiles, name);
  const first = (key: string): string | null =>
    chain.map((one) => profiles[one]?.[key]).find((value) => value !== undefined) ?? null;
  const signedIn = chain.find((one) => signInCommand(profiles[one]) !== undefined);
  return {
    name: asked,
    exists: profiles[name] !== undefined,
    hasSource: Object.keys(profiles[name] ?? {}).some((key) => sources.test(key)),
    signIn:
      signedIn === undefined
        ? null
        : { profile: signedIn, command: signInCommand(profiles[signedIn]) ?? "login" },
    program: chain.find((one) => profiles[one]?.["credential_process"] !== undefined) ?? null,
    mfa: first("mfa_serial"),
    role: first("role_arn"),
    bundle: profiles[name]?.["ca_bundle"] ?? null,
  };
}

/** ` --profile NAME` for a command of aws; empty for the default profile. */
export function profileFlag(name: string | undefined): string {
  return name === undefined || name === defaultProfile ? "" : ` --profile ${name}`;
}

/** The profile and those that it takes its keys from, each once. */
function chainOf(profiles: Profiles, name: string, seen: readonly string[] = []): string[] {
  const source = profiles[name]?.["source_profile"];
  const chain = [...seen, name];
  return source === undefined || chain.includes(source) ? chain : chainOf(profiles, source, chain);
}

function signInCommand(profile: Profiles[string]): "sso login" | "login" | undefined {
  if (profile?.["sso_session"] !== undefined || profile?.["sso_start_url"] !== undefined) {
    return "sso login";
  }
  return profile?.["login_session"] === undefined ? undefined : "login";
}

const defaultProfile = "default";
const sources =
  /^(aws_access_key_id|role_arn|credential_(process|source)|sso_.+|login_session|web_identity_token_file)$/;
