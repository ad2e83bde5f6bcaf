import { expect, test } from "vitest";
import { withKeys } from "./hand-over.ts";

const keys = {
  accessKeyId: "AKIAROLE",
  secretAccessKey: "s",
  sessionToken: "t",
  expiration: new Date("2026-01-01T01:00:00Z"),
};

test.each([
  ["release", "--profile", "ops", "--detach"],
  ["release", "--profile=ops", "--detach"],
  ["release", "--detach"],
])("a background process gets the keys in place of the profile: %s %s %s %s", (...args) => {
  const env = { PATH: "/bin", AWS_PROFILE: "ops", INFER_DEPLOY_PROFILE: "ops" };
  expect(withKeys({ args: args.filter(Boolean), env }, keys)).toEqual({
    args: ["release", "--detach"],
    env: {
      PATH: "/bin",
      INFER_DEPLOY_PROFILE: undefined,
      AWS_PROFILE: undefined,
      AWS_ACCESS_KEY_ID: "AKIAROLE",
      AWS_SECRET_ACCESS_KEY: "s",
      AWS_SESSION_TOKEN: "t",
      AWS_CREDENTIAL_EXPIRATION: "2026-01-01T01:00:00.000Z",
    },
  });
});
