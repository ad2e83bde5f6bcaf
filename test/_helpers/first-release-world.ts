import { BatchGetImageCommand } from "@aws-sdk/client-ecr";
import { settle } from "../../src/config/schema/settle.ts";
import type { BuiltImage } from "../../src/image/build.ts";
import { releaseFirst } from "../../src/release/first-release.ts";
import { addressQuestion } from "../../src/release/observe/address.ts";
import { recover } from "../../src/release/recover.ts";
import type { ExecuteDeps } from "../../src/release/run/execute.ts";
import type { Session } from "../../src/release/session.ts";
import { readReleases } from "../../src/state/release-history.ts";
import { engineImage } from "./fake-registry.ts";
import { FakeSecrets } from "./fake-secrets.ts";
import { releaseWorld, type WorldOptions } from "./release-world.ts";
import { stackRecord } from "./rollout-values.ts";

const config = settle("app", "production", "eu-west-1", {
  instances: { min: 2 },
  version: { path: "/version" },
});

const imageId = "sha256:aa";

/** A registry that has the image already, whatever its version. */
const ecr = {
  send: async (command: unknown) => ({
    images:
      command instanceof BatchGetImageCommand
        ? [
            {
              imageId: { imageDigest: "sha256:manifest" },
              imageManifest: JSON.stringify({ config: { digest: imageId } }),
            },
          ]
        : [],
  }),
} as unknown as Awaited<ReturnType<Session["ecr"]>>;

/** A stack that has never served, with the infrastructure made. The load balancer's checks take 3 s. */
export function firstReleaseWorld(options: Omit<WorldOptions, "empty"> = {}) {
  const secrets = new FakeSecrets();
  const world = releaseWorld({ checkMilliseconds: 3000, ...options, empty: true });
  Object.assign(world.stack.groups.blue, { min: 0, desired: 0 });
  /** What `up` does once the infrastructure is there, in a process with these parts. */
  const bringUp = async (
    version: string,
    {
      image = async () => engineImage(imageId),
      ...changes
    }: Partial<ExecuteDeps> & {
      readonly image?: () => Promise<BuiltImage>;
    } = {},
  ) => {
    const session: Omit<Session, "hooks"> = {
      ...world.deps,
      ...changes,
      config,
      dockerFolder: "/nowhere/.docker",
      referenced: null,
      model: { find: async () => null, requireOf: async () => undefined },
      root: "/app",
      placeOf: (path) => `infer-deploy.yml, ${path.join(".")}`,
      stack: stackRecord(),
      ecr: async () => ecr,
      reporter: world.reporter,
      run: async () => {
        throw new Error("no program is needed");
      },
      interrupts: world.interrupts,
      roomFor: async () => [],
      secrets,
      firewall: { blockingRule: async () => undefined },
      who: "ada@laptop",
      command: "up",
    };
    const address = addressQuestion(config, session.stack);
    await recover(session, { probe: config.release.probe, address });
    const releases = await readReleases(session.store);
    return releaseFirst(session, { releases, image, contextHash: "c1", version });
  };
  return { ...world, bringUp };
}
