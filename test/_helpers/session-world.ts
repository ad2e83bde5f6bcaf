import { parseConfig } from "../../src/config/parse.ts";
import type { Config } from "../../src/config/schema/config.ts";
import type { HookName } from "../../src/hooks/hook.ts";
import type { Hooks } from "../../src/hooks/run-hook.ts";
import { containerSettings } from "../../src/release/plan/container-settings.ts";
import type { ImageRequest } from "../../src/release/image/resolve-image.ts";
import type { Session } from "../../src/release/session.ts";
import { FakeSecrets } from "./fake-secrets.ts";
import { FakeRegistry } from "./fake-registry.ts";
import { releaseWorld, served, type WorldOptions } from "./release-world.ts";
import { stackRecord } from "./rollout-values.ts";

/** The configuration of a small stack whose app answers with its version; `text`: further lines of the file. */
export function config(text = ""): Config {
  const version = "version: { path: /version, field: version }";
  const lines = ["name: app", "region: eu-west-1", "release: { bake: 5s }", version, text];
  const parsed = parseConfig({
    text: lines.join("\n"),
    file: "infer-deploy.yml",
    overrides: {},
  });
  if ("config" in parsed) return parsed.config;
  throw new Error(`the test's configuration is wrong: ${JSON.stringify(parsed.problems)}`);
}

export interface SessionOptions extends WorldOptions {
  /** The folder with the Dockerfile, for what is built. */
  readonly root?: string;
  readonly config?: Config;
  /** Called with each hook; throws for one that forbids. */
  readonly hook?: (name: HookName) => void;
}

/** A stack on which v7 serves, and everything that a verb works with. What hooks ran, and with what, is in `hooks`. */
export function sessionWorld({ root = "/nowhere", hook, ...options }: SessionOptions = {}) {
  const world = releaseWorld(options);
  const registry = new FakeRegistry();
  const secrets = new FakeSecrets();
  const settings = options.config ?? config();
  const stack = stackRecord();
  const digest = registry.has("sources of v7", "v7");
  const ran: { readonly name: HookName; readonly facts: Parameters<Hooks["run"]>[1] }[] = [];
  const session: Session = {
    ...world.deps,
    config: settings,
    dockerFolder: "/nowhere/.docker",
    referenced: null,
    model: { find: async () => null, requireOf: async () => undefined },
    root,
    placeOf: (path) => `infer-deploy.yml, ${path.join(".")}`,
    stack,
    ecr: registry.ecr,
    run: registry.run,
    interrupts: world.interrupts,
    hooks: {
      run: async (name, facts) => {
        ran.push({ name, facts });
        hook?.(name);
      },
    },
    roomFor: async () => [],
    secrets,
    firewall: { blockingRule: async () => undefined },
    who: "ada@laptop",
    command: "release",
  };
  /** What v7 was given: the settings of today. */
  const current = served({
    digest,
    container: containerSettings(settings, stack.outputs, {}, null),
  });
  if (options.empty !== true) world.write(current);
  return { ...world, registry, secrets, session, ran, current };
}

/** v8, built from the sources. */
export function request(changes: Partial<ImageRequest> = {}): ImageRequest {
  return { version: "v8", fromImage: undefined, build: true, buildArgs: {}, ...changes };
}
