import { expect, test } from "vitest";
import { releaseCommand } from "./unlock-command.ts";

test("a line to paste", () => {
  const run = { file: "terraform", folder: "/srv/app/.infer-deploy/dev/terraform", env: {} };
  expect(releaseCommand(run, "lock-1")).toBe(
    "terraform -chdir=/srv/app/.infer-deploy/dev/terraform force-unlock -force lock-1",
  );
});

test("with the account and the endpoint, safe for the shell", () => {
  const env = {
    AWS_PROFILE: "it's mine",
    AWS_ENDPOINT_URL: "http://127.0.0.1:5000",
    AWS_SECRET_ACCESS_KEY: "x",
  };
  expect(releaseCommand({ file: "/opt/tofu", folder: "/home/a b", env }, "l")).toBe(
    "AWS_PROFILE='it'\\''s mine' AWS_ENDPOINT_URL=http://127.0.0.1:5000 /opt/tofu '-chdir=/home/a b' force-unlock -force l",
  );
});
