import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listener } from "../../../test/_helpers/listener.ts";
import { createInterrupts } from "../../process/interrupts.ts";
import { systemClock } from "../../process/clock.ts";
import { openAccess } from "./access.ts";

let folder: string;

/** The SDK reads its files and the keys from this process's environment. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "access-"));
  await writeFile(
    join(folder, "config"),
    "[profile work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = s\naws_session_token = t\n",
  );
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "none"));
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAENV");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "s");
  vi.stubEnv("AWS_CA_BUNDLE", undefined);
  vi.stubEnv("AWS_PROFILE", undefined);
  vi.stubEnv("AWS_SESSION_TOKEN", undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test.each([
  ["work", {}],
  [undefined, { AWS_PROFILE: "work" }],
])("with a profile, terraform and hooks have no other keys: %j %j", async (profile, more) => {
  const access = await open(profile, more);
  expect(await access.terraformEnv()).toEqual({
    AWS_ACCESS_KEY_ID: "AKIAWORK",
    AWS_SECRET_ACCESS_KEY: "s",
    AWS_SESSION_TOKEN: "t",
    AWS_PROFILE: undefined,
    AWS_DEFAULT_PROFILE: undefined,
    AWS_CREDENTIAL_EXPIRATION: undefined,
  });
  expect(access.programEnv).toEqual({
    AWS_PROFILE: "work",
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_CREDENTIAL_EXPIRATION: undefined,
  });
});

test("without one, the environment's keys are everyone's", async () => {
  const access = await open(undefined, {});
  expect(await access.terraformEnv()).toMatchObject({
    AWS_ACCESS_KEY_ID: "AKIAENV",
    AWS_SESSION_TOKEN: undefined,
  });
  expect(access.programEnv).toEqual({});
});

async function open(profile: string | undefined, more: Readonly<Record<string, string>>) {
  for (const [name, value] of Object.entries(more)) vi.stubEnv(name, value);
  const interrupts = createInterrupts({ on: () => undefined, removeListener: () => undefined });
  const deps = { clock: systemClock, env: process.env, interactive: false, interrupts };
  return openAccess({ ...deps, reporter: listener() }, profile, "eu-west-1");
}
