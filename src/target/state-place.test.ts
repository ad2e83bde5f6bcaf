import { expect, test } from "vitest";
import { config } from "../../test/_helpers/session-world.ts";
import { checkStatePlace, rehearsed } from "./state-place.ts";

const check = (backend: "s3" | "local" | "cloud", env: Record<string, string>) => {
  const state = { backend, organization: "acme", workspace: "app-production" };
  checkStatePlace({ state }, env, "infer-deploy.yml:4:1");
};

test("a CI job keeps no state in a file", () => {
  expect(() => check("local", { CI: "true" })).toThrow(
    expect.objectContaining({ exitCode: 64, where: "state.backend (infer-deploy.yml:4:1)" }),
  );
  check("local", {});
  check("s3", { CI: "true" });
});

test("HCP Terraform needs a token", () => {
  for (const env of [{}, { TF_TOKEN_app_terraform_io: "" }]) {
    expect(() => check("cloud", env)).toThrow(
      expect.objectContaining({ exitCode: 64, why: expect.stringContaining("is not set") }),
    );
  }
  check("cloud", { TF_TOKEN_app_terraform_io: "t", CI: "1" });
});

test("a rehearsal does not touch the workspace", () => {
  const cloud = config("state: { backend: cloud, organization: acme }");
  expect(rehearsed(cloud).state).toEqual({ backend: "local", organization: null, workspace: null });
  expect(rehearsed(config())).toEqual(config());
});
