import { DeregisterImageCommand } from "@aws-sdk/client-ec2";
import { BatchDeleteImageCommand } from "@aws-sdk/client-ecr";
import { DeleteAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { sandboxHeaders } from "../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import { describeGroups, setCapacity } from "../../src/aws/fleet.ts";
import { readStackRecord } from "../../src/state/stack-record.ts";
import { readReleases } from "../../src/state/release-history.ts";
import { deleteImageScript, removeHooks, writeHook } from "../../test/_helpers/hooks.ts";
import type { World } from "../release/world.ts";
import type { ReleaseFault } from "./fault.ts";

/** What people and other runs do to a stack while a release uses it. */
export const meddling: readonly ReleaseFault[] = [
  {
    fault: "kill -9",
    at: "release, before the shift",
    from: /^· Start /,
    inject: (_, cli) => {
      cli.kill("SIGKILL");
    },
    exit: [-1],
    repair: ["rollback", "--yes"],
    serves: "old",
  },
  {
    fault: "nineteen more releases start",
    at: "release",
    inject: async ({ app }, cli) => {
      await cli.waitFor(/^· /);
      const ends = await Promise.all(
        Array.from({ length: 19 }, async (_, one) => app.release(`other-${one}`)),
      );
      const wrong = ends.find((end) => end.exitCode !== 5 || !end.stderr.includes("locked by"));
      if (wrong !== undefined) throw new Error(wrong.stderr);
    },
    exit: [0],
    serves: "new",
  },
  {
    fault: "a person deletes the new image before it is pulled",
    at: "release",
    prepare: async ({ app }) => writeHook(app.project.folder, "pre-release", deleteImageScript),
    undo: async ({ app }) => removeHooks(app.project.folder),
    exit: [3],
    cause: /the registry does not have the image/,
    serves: "old",
  },
  {
    fault: "the old version grows to three instances while a canary is watched",
    at: "release, canary of 10 %",
    prepare: async ({ app }) => app.configure({ release: { canary: { weight: 10, bake: "30s" } } }),
    from: /^· Give \S+ 10 % of the traffic/,
    args: ["--strategy", "canary", "--bake", "0s"],
    inject: async (world) => void (await resize(world, "serving", 3)),
    undo: async (world) => {
      await world.app.configure();
      const size = await resize(world, "serving", 2);
      await resize(world, "idle", 2);
      if (size !== 3) throw new Error(`the new version has ${size} instances, not 3`);
    },
    exit: [0],
    serves: "new",
  },
  {
    fault: "the machine image of the stack is gone",
    at: "release",
    prepare: async (world) => deregisterImage(world),
    exit: [3],
    cause: /The image id '\[ami-\w+\]' is no longer available/,
    next: /infer-deploy up .*--refresh-ami/,
    repair: "printed",
    serves: "old",
  },
  {
    fault: "a person has deleted an alarm that the release watches",
    at: "release, before it starts",
    prepare: async ({ inside }) => {
      const { blue, green } = inside.outputs.alarm_names;
      const cloudWatch = await inside.aws.cloudWatch();
      await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [blue.errors, green.errors] }));
    },
    exit: [1, 64],
    cause: /alarm \S+-errors does not exist/,
    next: /infer-deploy up .*--refresh/,
    repair: "printed",
    serves: "old",
  },
  {
    fault: "a person has deleted the image of the version to return to, whose instances are gone",
    at: "rollback",
    verb: "rollback",
    prepare: async (world) => loseImage(world),
    exit: [1, 3, 64],
    cause: /no longer in the registry/,
    serves: "old",
  },
];

/** As a scaling policy does. Resolves to the number of instances before. */
async function resize(
  { app, inside }: World,
  which: "idle" | "serving",
  desired: number,
): Promise<number | undefined> {
  const { active } = await app.status();
  const isBlue = (active?.colour === "blue") === (which === "serving");
  const name = inside.outputs.autoscaling_group_names[isBlue ? "blue" : "green"];
  const autoScaling = await inside.aws.autoScaling();
  const [group] = await describeGroups(autoScaling, [name]);
  await setCapacity(autoScaling, name, { min: group?.min ?? 0, desired });
  return group?.desired;
}

/** As its owner does with an old one, after a newer one is out. */
async function deregisterImage({ app, inside }: World): Promise<void> {
  const { env, sandbox } = app.project;
  const state = await readSandboxState(sandboxFolder(env, sandbox));
  if (state === undefined) throw new Error(`the sandbox ${sandbox} does not run`);
  const body = { method: "PUT", headers: sandboxHeaders(state), body: "{}" };
  await fetch(`${state.endpoint}/_sandbox/ami`, body);
  const record = await readStackRecord(inside.store);
  await (await inside.aws.ec2()).send(new DeregisterImageCommand({ ImageId: record?.ami_id }));
}

/** Ends the idle colour, and takes its image from the registry. */
async function loseImage({ app, inside }: World): Promise<void> {
  const { aws, outputs, store } = inside;
  const { active } = await app.status();
  const idle = active?.colour === "blue" ? "green" : "blue";
  const group = outputs.autoscaling_group_names[idle];
  await setCapacity(await aws.autoScaling(), group, { min: 0, desired: 0 });
  const others = (await readReleases(store)).filter(({ version }) => version !== active?.version);
  const digest = others.find(({ outcome }) => outcome === "succeeded")?.digest;
  await (
    await aws.ecr()
  ).send(
    new BatchDeleteImageCommand({
      repositoryName: outputs.repository_name,
      imageIds: [{ imageDigest: digest }],
    }),
  );
}
