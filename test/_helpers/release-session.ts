import { settle } from "../../src/config/schema/settle.ts";
import type { Settings } from "../../src/config/schema/config.ts";
import type { HookFacts, HookName } from "../../src/hooks/hook.ts";
import type { Run } from "../../src/process/programs/run.ts";
import { containerSettings } from "../../src/release/plan/container-settings.ts";
import type { Wish } from "../../src/release/plan/prepare.ts";
import type { Session } from "../../src/release/session.ts";
import { fakeAddress } from "./fake-address.ts";
import { FakeSecrets } from "./fake-secrets.ts";
import { TaggedImages } from "./tagged-images.ts";
import { releaseWorld, served, type WorldOptions } from "./release-world.ts";
import { stackRecord } from "./rollout-values.ts";

export interface SessionOptions extends WorldOptions {
  /** Of infer-deploy.yml. */
  readonly settings?: Settings;
  /** What a hook does; what it throws is its refusal. */
  readonly onHook?: (name: HookName, facts: HookFacts) => void | Promise<void>;
}

/**
 * A session on the stack in memory where release 7 serves, with the config's container settings. Its registry has the images v6, v7 and v8.
 * `happened`: each hook and program that ran, in order.
 */
export function releaseSession({ settings, onHook, ...options }: SessionOptions = {}) {
  const world = releaseWorld(options);
  const config = settle("app", "production", "eu-west-1", {
    version: { path: "/version" },
    release: { bake: "10s" },
    ...settings,
  });
  const secrets = new FakeSecrets();
  const stack = stackRecord();
  const registry = new TaggedImages()
    .add("sha256:66", "v6")
    .add("sha256:77", "v7", "live-0007")
    .add("sha256:88", "v8");
  const happened: string[] = [];
  const run: Run = async ({ file }) => {
    happened.push(file);
    return Promise.resolve({ exitCode: 1, stdout: "", stderr: "" });
  };
  const session: Session = {
    ...world.deps,
    fetch: fakeAddress(world.stack, (number) => world.record(number)?.version ?? "unknown"),
    config,
    dockerFolder: "/nowhere/.docker",
    referenced: null,
    model: { find: async () => null, requireOf: async () => undefined },
    root: "/nowhere",
    placeOf: (path) => `infer-deploy.yml, ${path.join(".")}`,
    stack,
    ecr: async () => Promise.resolve(registry.client),
    run,
    interrupts: world.interrupts,
    hooks: {
      run: async (name, facts) => {
        happened.push(name);
        await onHook?.(name, facts);
      },
    },
    roomFor: async () => [],
    secrets,
    firewall: { blockingRule: async () => undefined },
    who: "ada@laptop",
    command: "release --version v8",
  };
  const container = containerSettings(config, stack.outputs, {}, null);
  world.write(served({ container }));
  const intent: Wish = {
    kind: "release",
    settings: config.release,
    message: null,
    who: session.who,
    force: false,
  };
  return { ...world, session, registry, happened, intent, container, secrets };
}
