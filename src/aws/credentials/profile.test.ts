import { expect, test } from "vitest";
import { profileFacts, profileFlag } from "./profile.ts";
import { renewalOf, sourceText } from "./source.ts";

const profiles = {
  default: { region: "eu-west-1" },
  corp: { sso_session: "corp", sso_account_id: "1" },
  console: { login_session: "arn:aws:iam::1:user/ada" },
  vault: { credential_process: "vault", ca_bundle: "/ca.pem" },
  keys: { aws_access_key_id: "a", aws_secret_access_key: "b" },
  ops: { role_arn: "arn:aws:iam::1:role/ops", source_profile: "corp", mfa_serial: "device" },
  outer: { role_arn: "arn:aws:iam::1:role/outer", source_profile: "ops" },
  round: { role_arn: "arn:aws:iam::1:role/round", source_profile: "trip" },
  trip: { role_arn: "arn:aws:iam::1:role/trip", source_profile: "round" },
};

test("what a profile's keys depend on is found along its sources", () => {
  expect(profileFacts(profiles, "outer")).toEqual({
    name: "outer",
    exists: true,
    hasSource: true,
    signIn: { profile: "corp", command: "sso login" },
    program: null,
    mfa: "device",
    role: "arn:aws:iam::1:role/outer",
    bundle: null,
  });
  expect(profileFacts(profiles, "vault")).toMatchObject({ program: "vault", bundle: "/ca.pem" });
  expect(profileFacts(profiles, "console").signIn?.command).toBe("login");
});

test("one with a region only leaves its keys to the machine; one that is not there has none", () => {
  expect(profileFacts(profiles, undefined)).toMatchObject({ exists: true, hasSource: false });
  expect(profileFacts(profiles, "nope")).toMatchObject({ exists: false, hasSource: false });
});

test("profiles that name each other end", () => {
  expect(profileFacts(profiles, "round").role).toBe("arn:aws:iam::1:role/round");
});

test.each([
  [undefined, ""],
  ["default", ""],
  ["work", " --profile work"],
])("the flag of %s", (name, flag) => {
  expect(profileFlag(name)).toBe(flag);
});

test.each([
  ["outer", ["CREDENTIALS_STS_ASSUME_ROLE"], "aws sso login --profile corp"],
  ["console", ["CREDENTIALS_LOGIN"], "aws login --profile console"],
  [
    "vault",
    ["CREDENTIALS_PROFILE_PROCESS"],
    "sign in to the program that credential_process of the profile vault names",
  ],
  ["keys", ["CREDENTIALS_PROFILE"], "renew the keys of the profile keys"],
  [
    undefined,
    ["CREDENTIALS_ENV_VARS"],
    "set new values for AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or unset them",
  ],
])("new keys for %s", (name, features, command) => {
  expect(renewalOf(features, profileFacts(profiles, name))).toBe(command);
});

test.each([
  ["keys", ["CREDENTIALS_PROFILE"], "the profile keys"],
  ["vault", ["CREDENTIALS_PROFILE_PROCESS"], "the profile vault: credential_process"],
  [
    "ops",
    ["CREDENTIALS_STS_ASSUME_ROLE"],
    "the profile ops: the role arn:aws:iam::1:role/ops, aws sso login",
  ],
  [undefined, ["CREDENTIALS_ENV_VARS"], "the keys in the environment"],
  [undefined, ["CREDENTIALS_IMDS"], "the role of this machine"],
  [undefined, ["CREDENTIALS_STS_ASSUME_ROLE_WEB_ID"], "the role of a web identity token"],
])("where the keys of %s come from", (name, features, text) => {
  expect(sourceText(features, profileFacts(profiles, name))).toBe(text);
});
