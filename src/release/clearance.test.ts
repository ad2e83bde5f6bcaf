import { expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import { releaseWorld, served, type WorldOptions } from "../../test/_helpers/release-world.ts";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { settleRelease } from "../config/schema/release.ts";
import { describe } from "../errors/describe.ts";
import { clear } from "./clearance.ts";
import { readServing } from "./observe/serving.ts";

const { outputs } = stackRecord();
const ofGreen = ["errors", "latency", "unhealthy"].map((kind) => `app-production-green-${kind}`);
const watched = [...ofGreen, "app-production-unanswered", "queue-depth"];

/** What a release finds before it begins, on a stack in which the test has arranged something. */
async function preflight(
  arrange: (world: ReturnType<typeof releaseWorld>) => unknown = () => undefined,
  { force = false, strategy = "blue-green" as const, ...options }: Wishes = {},
) {
  const world = releaseWorld(options);
  arrange(world);
  const settings = { ...settleRelease({ alarms: ["queue-depth"] }, "/healthz"), strategy };
  const serving = await readServing(world.deps, stackRecord());
  const found = await clear(world.deps.alarms, outputs, serving, { settings, force }, 2);
  return { ...found, what: found.objections.map(({ what }) => what) };
}

interface Wishes extends WorldOptions {
  readonly force?: boolean;
  readonly strategy?: "blue-green" | "recreate" | "rolling";
}

const crash = { state: "crashed", detail: "exit code 1", log_tail: [], restarts: 2 } as const;

test("a release watches the new colour's alarms, the load balancer's and the user's", async () => {
  expect(await preflight()).toMatchObject({ objections: [], alarms: watched });
});

test("rolling watches the alarms of the colour that serves, because it stays there", async () => {
  const { alarms } = await preflight(undefined, { strategy: "rolling" });
  expect(alarms).toContain("app-production-blue-errors");
  expect(alarms).not.toContain("app-production-green-errors");
});

test("next to a container that may use all the memory, only recreate starts another one", async () => {
  const container = { ...served().container, alone: true };
  const arrange = ({ write }: ReturnType<typeof releaseWorld>) => write(served({ container }));
  const { what } = await preflight(arrange);
  expect(what).toEqual([expect.stringContaining("v7 runs alone")]);
  expect((await preflight(arrange, { force: true })).what).toEqual([]);
  const recreated = await preflight(arrange, { strategy: "recreate" });
  expect(recreated.what).toEqual([]);
  expect(recreated.warnings).toContainEqual(expect.stringContaining("nothing serves"));
});

test("--force skips two colours with traffic, an unhealthy version and an alarm that is on", async () => {
  const arrange = ({ stack }: ReturnType<typeof releaseWorld>): void => {
    stack.weights = { blue: 90, green: 10 };
    stack.bad.set(7, crash);
    stack.alarmsOn.add("queue-depth");
  };
  expect((await preflight(arrange)).what).toHaveLength(3);
  expect((await preflight(arrange, { force: true })).what).toEqual([]);
});

test("--force skips neither a missing alarm nor an idle group without room", async () => {
  const { what } = await preflight(
    ({ stack }) => {
      stack.alarmsMissing.add("queue-depth");
      stack.groups.green.max = 1;
    },
    { force: true },
  );
  expect(what).toEqual([
    "the release needs 2 instances on green, but its group allows at most 1",
    "the alarm queue-depth does not exist, so it cannot stop a bad release",
  ]);
});

test("--force does not let rolling take the only instance out", async () => {
  const { what } = await preflight(
    ({ stack }) => {
      Object.assign(stack.groups.blue, { min: 1, desired: 1 });
    },
    { force: true, strategy: "rolling" },
  );
  expect(what).toEqual(["rolling takes 1 of 1 instances out at a time, so none would serve"]);
});

test("with --force, an alarm that is on already is not watched; the others still are", async () => {
  const { alarms } = await preflight(({ stack }) => stack.alarmsOn.add("queue-depth"), {
    force: true,
  });
  expect(alarms).toEqual(watched.filter((name) => name !== "queue-depth"));
});

test("the new colour's alarm on unhealthy instances is no objection, and stays watched with --force", async () => {
  for (const force of [false, true]) {
    const found = await preflight(
      ({ stack }) => stack.alarmsOn.add("app-production-green-unhealthy"),
      { force },
    );
    expect(found).toMatchObject({ objections: [], alarms: watched });
  }
});

test("the new colour's alarm on unhealthy instances must exist", async () => {
  const { what } = await preflight(({ stack }) =>
    stack.alarmsMissing.add("app-production-green-unhealthy"),
  );
  expect(what).toEqual([
    "the alarm app-production-green-unhealthy does not exist, so it cannot stop a bad release",
  ]);
});

test("as many instances as serve now need room, when scaling has raised them above the minimum", async () => {
  const { what } = await preflight(({ stack }) => {
    stack.groups.blue.desired = 4;
    stack.groups.green.max = 3;
  });
  expect(what).toEqual(["the release needs 4 instances on green, but its group allows at most 3"]);
});

test.each(["door.weights", "door.health", "fleet.groups", "store.list", "alarms.describe"])(
  "%s fails: that is an error with AWS's words and request id, not an objection, even with --force",
  async (broken) => {
    const weather: WorldOptions["weather"] = (call, when) => {
      if (call === broken && when === "before") {
        throw awsFailure("InternalFailure", "We made a mistake", "r-42");
      }
    };
    const error: unknown = await preflight(undefined, { weather, force: true }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(describe(error)).toMatchObject({
      message: "InternalFailure: We made a mistake",
      where: "AWS request r-42",
    });
  },
);

test("a refused permission names the cause and the request id", async () => {
  const weather: WorldOptions["weather"] = (call, when) => {
    if (call === "alarms.describe" && when === "before") {
      throw awsFailure("AccessDenied", "User: ada is not authorized", "r-43");
    }
  };
  const error: unknown = await preflight(undefined, { weather }).catch((thrown: unknown) => thrown);
  expect(JSON.stringify(describe(error))).toMatch(/not authorized.*r-43/);
});

test("a listener that is gone is an error that says how to get it back", async () => {
  const gone = preflight(({ stack }) => {
    stack.weights = undefined;
  });
  await expect(gone).rejects.toMatchObject({
    message: "The load balancer's listener does not exist.",
    next: "infer-deploy up --refresh creates it again",
  });
});

test("a stack on which nothing has ever served is an error", async () => {
  await expect(preflight(undefined, { empty: true })).rejects.toMatchObject({
    message: "app (production) has no good release yet.",
    next: "infer-deploy up makes the first one",
  });
});

test("a watch that is too short for the alarms is a warning, and no objection", async () => {
  const { alarms, ...world } = releaseWorld().deps;
  const slow = async (names: readonly string[]) =>
    (await alarms.describe(names)).map((one) => ({ ...one, periodSeconds: 300 }));
  const serving = await readServing(world, stackRecord());
  const settings = { ...settleRelease({}, "/healthz"), strategy: "blue-green" as const };
  const intent = { settings, force: false };
  expect(await clear({ describe: slow }, outputs, serving, intent, 2)).toMatchObject({
    objections: [],
    warnings: [expect.stringMatching(/^release\.bake is 5m, but the alarm \S+ needs up to 7m/)],
  });
});
