import { expect, test } from "vitest";
import { instance, snapshot } from "../../../test/_helpers/rollout-values.ts";
import { settleRelease } from "../../config/schema/release.ts";
import { chooseStrategy, type RoomFor } from "./choose-strategy.ts";

interface Facts {
  readonly serving?: number;
  readonly max?: number;
  readonly batch?: number;
  readonly roomFor?: RoomFor;
}

/** On blue, with a minimum of 2. */
async function choose({ serving = 2, max = 4, batch = 1, roomFor = free }: Facts) {
  const groups = snapshot().groups;
  const chosen = await chooseStrategy(
    { ...settleRelease({}, "/healthz"), strategy: "auto", rolling: { batch } },
    {
      fleet: {
        groups: {
          blue: { ...groups.blue, desired: serving },
          green: { ...groups.green, max },
        },
        instances: Array.from({ length: serving }, (_, index) => instance({ id: `i-${index}` })),
      },
      active: { colour: "blue" },
      minimum: 2,
      roomFor,
    },
  );
  return `${chosen.settings.strategy}: ${chosen.reason}`;
}

const free: RoomFor = async () => [];
const full: RoomFor = async (instances) => [{ what: `no room for ${instances}`, next: "raise" }];

test.each<[Facts, string]>([
  [{}, "blue-green: no quota stands against 2 further instances"],
  [{ serving: 3 }, "blue-green: no quota stands against 3 further instances"],
  [{ serving: 3, roomFor: full }, "rolling: no room for 3"],
  [
    { serving: 3, max: 2 },
    "rolling: a second fleet needs 3 instances, and its group has 2 at most",
  ],
  [{ serving: 1, roomFor: full }, "blue-green: rolling would leave no instance to serve"],
  [{ batch: 2, roomFor: full }, "blue-green: rolling would leave no instance to serve"],
])("auto with %j chooses %s", async (facts, choice) => {
  expect(await choose(facts)).toBe(choice);
});

test("a strategy that the user chose stays, without a question", async () => {
  const asked: number[] = [];
  const settings = settleRelease({ strategy: "canary" }, "/healthz");
  const chosen = await chooseStrategy(settings, {
    fleet: snapshot(),
    active: { colour: "blue" },
    minimum: 2,
    roomFor: async (instances) => {
      asked.push(instances);
      return [];
    },
  });
  expect([chosen, asked]).toEqual([{ settings, reason: null }, []]);
});
