import { expect, test } from "vitest";
import { exportLines, sandboxEnvironment } from "./sandbox-environment.ts";

const state = { endpoint: "http://127.0.0.1:25000", key: "sandbox0123" };

test("a user's real credentials, profiles and endpoints cannot be reached", () => {
  const real = {
    AWS_ACCESS_KEY_ID: "AKIAREAL",
    AWS_SECRET_ACCESS_KEY: "real",
    AWS_SESSION_TOKEN: "real",
    AWS_PROFILE: "production",
    AWS_CONFIG_FILE: "/home/me/.aws/config",
    AWS_REGION: "eu-west-1",
    AWS_ENDPOINT_URL_S3: "https://s3.eu-west-1.amazonaws.com",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/token",
    HOME: "/home/me",
  };
  const rehearsal = Object.fromEntries(
    Object.entries({ ...real, ...sandboxEnvironment(state, "us-west-2", real) }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  expect(rehearsal).toEqual({
    AWS_ENDPOINT_URL: "http://127.0.0.1:25000",
    AWS_ACCESS_KEY_ID: "sandbox0123",
    AWS_SECRET_ACCESS_KEY: "sandbox",
    AWS_REGION: "us-west-2",
    AWS_DEFAULT_REGION: "us-west-2",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    HOME: "/home/me",
  });
});

test("the shell lines set the endpoint and remove a profile", () => {
  const lines = exportLines(state, "us-west-2");
  expect(lines[0]).toBe("unset AWS_PROFILE AWS_SESSION_TOKEN");
  expect(lines).toContain("export AWS_ENDPOINT_URL=http://127.0.0.1:25000");
  expect(lines).toContain("export AWS_ACCESS_KEY_ID=sandbox0123");
});
