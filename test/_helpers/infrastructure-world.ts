import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BringUpDeps } from "../../src/infrastructure/bring-up.ts";
import type { WantedLogin } from "../../src/infrastructure/door/login.ts";
import type { LoginEndpoints } from "../../src/stack/stack-input.ts";
import type { DesiredSources } from "../../src/infrastructure/desired.ts";
import type { TearDownDeps } from "../../src/infrastructure/tear-down.ts";
import { stateInBucket } from "../../src/infrastructure/state/state-place.ts";
import { newestSecrets } from "../../src/release/secrets.ts";
import { FakeTerraform } from "./fake-terraform.ts";
import { listener } from "./listener.ts";
import { sessionWorld, type SessionOptions } from "./session-world.ts";

/** Temporary folders of tests, which `removeFolders` deletes. */
const folders: string[] = [];

export async function removeFolders(): Promise<void> {
  const paths = folders.splice(0);
  await Promise.all(paths.map(async (path) => rm(path, { recursive: true, force: true })));
}

/** Of `auth: oidc`: where its issuer says that logins go, and the login that is wanted then. */
export const loginEndpoints: LoginEndpoints = {
  authorization: "https://login.example.com/auth",
  token: "https://login.example.com/token",
  userInfo: "https://login.example.com/me",
};
export const wantedLogin: WantedLogin = {
  issuer: "https://login.example.com",
  authorization_endpoint: loginEndpoints.authorization,
  token_endpoint: loginEndpoints.token,
  user_info_endpoint: loginEndpoints.userInfo,
  client_id: "demo",
  scope: "openid",
  session_seconds: 43_200,
  secret_version: "v-1",
};

/** Whose Terraform state the world has. */
export const stateOwner = {
  account: "123456789012",
  environment: "production",
  name: "app",
  region: "eu-west-1",
};

export interface InfrastructureOptions extends Omit<SessionOptions, "root"> {
  /** The answer to every question; left out, none is asked (`--yes`). */
  readonly answer?: boolean;
}

/**
 * A project with a Dockerfile, an AWS account without a stack, and a Terraform that keeps state. An apply makes the two groups, without
 * instances; a destroy takes their tags away too. What was locked, and released, is in `happened`.
 */
export async function infrastructureWorld({ answer, ...options }: InfrastructureOptions = {}) {
  const root = await temporaryFolder("project");
  await writeFile(join(root, "Dockerfile"), "FROM scratch\n");
  const world = sessionWorld({ empty: true, ...options, root });
  const { bucket, session, stack, interrupts, clock, deps: parts } = world;
  Object.assign(stack.groups.blue, { min: 0, desired: 0 });
  const terraform = new FakeTerraform(bucket);
  const reporter = listener(answer ?? false);
  const happened: string[] = [];
  const sources: DesiredSources = {
    config: session.config,
    account: stateOwner.account,
    stateFolder: await temporaryFolder("state"),
    newestImage: async (architecture, kind) =>
      `ami-newest-${kind === "gpu" ? "gpu-" : ""}${architecture}`,
    checkMachineImage: async () => undefined,
    zones: async () =>
      ["a", "b", "c"].map((letter, index) => ({
        name: `eu-west-1${letter}`,
        id: `euw1-az${index + 1}`,
        offered: 1,
      })),
    keyGroup: async () => undefined,
    loginEndpoints: async () => loginEndpoints,
    servingColour: async () => (stack.weights?.green === 100 ? "green" : "blue"),
  };
  const deps: BringUpDeps & TearDownDeps & { readonly alarms: typeof parts.alarms } = {
    account: sources.account,
    caddy: undefined,
    checkDomain: async () => undefined,
    checkNetwork: async () => undefined,
    checkGithub: async () => undefined,
    ensureGithub: async () => {
      if (session.config.github !== null) happened.push("github");
    },
    checkModel: async () => undefined,
    checkSecrets: async () => void (await newestSecrets(session)),
    warnOfQuotas: async () => undefined,
    alarms: parts.alarms,
    setLeaving: async (_, isLeaving) => void happened.push(isLeaving ? "leaving" : "staying"),
    serveOnPort80: async () => void happened.push("port 80"),
    ensureKeys: async () => {
      happened.push("keys");
      return keyGroupArn;
    },
    removeKeyGroup: async () => {
      happened.push("no key group");
      return true;
    },
    login: {
      wanted: async () => wantedLogin,
      set: async (listenerArn) => {
        happened.push(`login at ${listenerArn}`);
        return true;
      },
      remove: async () => void happened.push("no login"),
    },
    removeHeaders: async () => void happened.push("headers"),
    clock,
    config: session.config,
    ecr: session.ecr,
    ensureBucket: async () => {
      happened.push("bucket");
      return undefined;
    },
    fetch: parts.fetch,
    fetchOwn: () => parts.fetch,
    secrets: {
      list: world.secrets.list,
      remove: async (arn) => {
        const found = (await world.secrets.list()).find((one) => one.arn === arn);
        world.secrets.remove(found?.name ?? "");
      },
    },
    findLeft: async () => ({ left: terraform.exists.map((name) => `arn:${name}`), unsure: [] }),
    otherCertificates: async () => [],
    fleetOf: () => parts.fleet,
    interrupts,
    openSession: async (record) => ({ ...session, stack: record }),
    openTerraform: terraform.open,
    referenced: session.referenced,
    reporter,
    root,
    run: session.run,
    sources,
    state: stateInBucket(parts.store, stateOwner, {
      s3: "s3://bucket/app/production/terraform.tfstate",
      local: "/p/terraform.tfstate",
    }),
    store: parts.store,
    takeLock: async () => {
      happened.push("lock");
      return { release: async () => void happened.push("unlock") };
    },
    yes: answer === undefined,
  };
  return { ...world, reporter, deps, terraform, happened, root, sources };
}

/** Of the rule group that `up` makes for API keys. */
export const keyGroupArn =
  "arn:aws:wafv2:eu-west-1:123456789012:regional/rulegroup/app-production/11111111-2222-3333-4444-555555555555";

async function temporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `infer-deploy-${name}-`));
  folders.push(folder);
  return folder;
}
