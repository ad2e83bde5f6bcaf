import { expect, test } from "vitest";
import { terraformEnvironment, withAbsolutePaths } from "./environment.ts";

test("the token for HCP Terraform is passed on", () => {
  expect(terraformEnvironment({ TF_TOKEN_app_terraform_io: "t" })).toMatchObject({
    TF_TOKEN_app_terraform_io: "t",
  });
});

test("variables that would change the meaning of a command are removed, the rest stays", () => {
  const base = {
    PATH: "/bin",
    AWS_PROFILE: "team",
    TF_LOG: "debug",
    TF_PLUGIN_CACHE_DIR: "/cache",
    TF_CLI_ARGS: "-no-color",
    TF_CLI_ARGS_plan: "-target=x",
    TF_VAR_name: "other",
    TF_WORKSPACE: "other",
    TF_DATA_DIR: "/elsewhere",
  };
  expect(terraformEnvironment(base)).toStrictEqual({
    PATH: "/bin",
    AWS_PROFILE: "team",
    TF_LOG: "debug",
    TF_PLUGIN_CACHE_DIR: "/cache",
    TF_CLI_ARGS: undefined,
    TF_CLI_ARGS_plan: undefined,
    TF_VAR_name: undefined,
    TF_WORKSPACE: undefined,
    TF_DATA_DIR: undefined,
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    CHECKPOINT_DISABLE: "1",
  });
});

test("Terraform's log goes to a file that an error can name, unless the user names another", () => {
  expect(terraformEnvironment({ TF_LOG: "debug" }, "/w/log")).toMatchObject({
    TF_LOG_PATH: "/w/log",
  });
  const own = { TF_LOG: "debug", TF_LOG_PATH: "/mine" };
  expect(terraformEnvironment(own, "/w/log")).toMatchObject({ TF_LOG_PATH: "/mine" });
  expect(terraformEnvironment({}, "/w/log")).not.toHaveProperty("TF_LOG_PATH");
});

test("relative paths count from where the user stands, and a program's name is no path", () => {
  const base = {
    TF_PLUGIN_CACHE_DIR: "cache",
    TF_CLI_CONFIG_FILE: "./rc",
    TF_LOG_PATH: "/abs/log",
    INFER_DEPLOY_TERRAFORM_MIRROR: "../mirror",
    INFER_DEPLOY_TERRAFORM: "tofu",
    HOME: "relative",
  };
  expect(withAbsolutePaths(base, "/home/ana/app")).toEqual({
    TF_PLUGIN_CACHE_DIR: "/home/ana/app/cache",
    TF_CLI_CONFIG_FILE: "/home/ana/app/rc",
    TF_LOG_PATH: "/abs/log",
    INFER_DEPLOY_TERRAFORM_MIRROR: "/home/ana/mirror",
    INFER_DEPLOY_TERRAFORM: "tofu",
    HOME: "relative",
  });
  const own = { INFER_DEPLOY_TERRAFORM: "bin/terraform" };
  expect(withAbsolutePaths(own, "/home/ana/app")).toEqual({
    INFER_DEPLOY_TERRAFORM: "/home/ana/app/bin/terraform",
  });
});
