import { profileFlag, type ProfileFacts } from "./profile.ts";

/** Where the keys came from, in a few words. `features`: the SDK's names of what took part. */
export function sourceText(
  features: readonly string[],
  { name, signIn, program, role }: ProfileFacts,
): string {
  const has = (pattern: RegExp): boolean => features.some((one) => pattern.test(one));
  const profile = name === undefined ? "the default profile" : `the profile ${name}`;
  if (has(/^CREDENTIALS_ENV_VARS$/)) return "the keys in the environment";
  if (has(/^CREDENTIALS_(HTTP|IMDS)$/)) return "the role of this machine";
  if (has(/^CREDENTIALS_STS_ASSUME_ROLE_WEB_ID$/)) return "the role of a web identity token";
  const by = [
    ...(role === null ? [] : [`the role ${role}`]),
    ...(program === null ? [] : ["credential_process"]),
    ...(signIn === null ? [] : [`aws ${signIn.command}`]),
  ];
  return by.length === 0 ? profile : `${profile}: ${by.join(", ")}`;
}

/** The command that gives new keys after these have ended. */
export function renewalOf(features: readonly string[], facts: ProfileFacts): string {
  if (features.includes("CREDENTIALS_ENV_VARS")) {
    return "set new values for AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or unset them";
  }
  const { name, program, signIn } = facts;
  if (signIn !== null) return `aws ${signIn.command}${profileFlag(signIn.profile)}`;
  return program === null
    ? `renew the keys of ${name === undefined ? "the default profile" : `the profile ${name}`}`
    : `sign in to the program that credential_process of the profile ${program} names`;
}
