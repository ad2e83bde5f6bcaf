import { CommandError, exitCodes, type ErrorFacts } from "../../errors/command-error.ts";
import { denyingLayer } from "../../errors/denied-cause.ts";
import { networkCause } from "../../errors/network-cause.ts";
import { profileFlag, type ProfileFacts } from "./profile.ts";
import { renewalOf } from "./source.ts";

/** Why there are no keys: one sentence and one command, exit code 64. `error`: of the SDK's chain of sources. */
export function noKeysError(error: unknown, facts: ProfileFacts): CommandError {
  if (error instanceof CommandError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const refuse = (sentence: string, next: string, more: ErrorFacts = {}) =>
    new CommandError(sentence, { exitCode: exitCodes.usage, cause: error, next, ...more });
  const who =
    facts.name === undefined ? "the default AWS profile" : `the AWS profile ${facts.name}`;
  const network = networkCause(error);
  if (network !== undefined) {
    return refuse(`The keys of ${who} could not be fetched: ${network.message}.`, network.next);
  }
  if (/MultiFactorAuthentication|\bMFA\b.*(invalid|failed)/i.test(message)) {
    return refuse(`AWS did not accept the code of ${facts.mfa ?? "the MFA device"}.`, again);
  }
  if (facts.signIn !== null && isSignedOut(name, message)) {
    const login = `aws ${facts.signIn.command}${profileFlag(facts.signIn.profile)}`;
    return refuse("The AWS credentials have expired.", login);
  }
  if (/ExpiredToken|RequestExpired|\bexpired\b/i.test(`${name} ${message}`)) {
    return refuse("The AWS credentials have expired.", renewalOf([], facts));
  }
  if (/AccessDenied|not authorized to perform/.test(`${name} ${message}`) && facts.role !== null) {
    const layer = denyingLayer(message);
    const user = /User: (arn:\S+)/.exec(message)?.[1] ?? "the caller";
    return refuse(
      `AWS does not let ${who} take the role ${facts.role}${layer === undefined ? "" : `, because of ${layer.name}`}.`,
      `aws sts get-caller-identity${profileFlag(facts.name)} shows the same; allow sts:AssumeRole ${layer?.where(user) ?? "on both sides"}`,
    );
  }
  if (/ForbiddenException|No access/.test(`${name} ${message}`) && facts.signIn !== null) {
    return refuse(
      `IAM Identity Center does not give ${who} its role in that account.`,
      `aws configure sso${profileFlag(facts.name)} lists the accounts and roles that you have`,
    );
  }
  if (facts.program !== null) {
    return refuse(
      `The credential_process of the AWS profile ${facts.program} gave no keys.`,
      `run the program that credential_process names in ~/.aws/config, to see what it needs`,
    );
  }
  if (facts.hasSource) {
    return refuse(
      `No AWS keys could be had by ${who}.`,
      `aws sts get-caller-identity${profileFlag(facts.name)} shows what it lacks; --sandbox needs none`,
    );
  }
  return facts.name === undefined
    ? refuse(
        "There are no AWS credentials here.",
        "aws configure sso, or set AWS_PROFILE; --sandbox needs none",
      )
    : refuse(
        `The AWS profile ${facts.name} does not exist or has no credentials.`,
        "aws configure list-profiles lists them; --sandbox needs none",
      );
}

/** The SDK's words for a sign-in that has ended, was never made, or was ended by AWS. */
function isSignedOut(name: string, message: string): boolean {
  return (
    /TokenProvider|UnauthorizedException|ExpiredToken/.test(name) ||
    /expired|sso login|aws login|re-?authenticate|session token not found|is invalid|missing required|failed to load (a )?token/i.test(
      message,
    )
  );
}

const again = "run the same command again, with the device's next code";
