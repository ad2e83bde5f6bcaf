import { expect, test, vi } from "vitest";
import { hasSchedules, putSchedules } from "./schedules.ts";

/** A group that keeps its scheduled actions; the clean-up of a retired colour is one of them. */
function groupWithActions() {
  const actions = new Map<string, object>([["infer-deploy-retire", {}]]);
  const send = async (command: {
    readonly constructor: { readonly name: string };
    readonly input: { readonly ScheduledActionName: string };
  }) => {
    const { ScheduledActionName: name, ...input } = command.input;
    if (command.constructor.name === "PutScheduledUpdateGroupActionCommand")
      actions.set(name, input);
    if (command.constructor.name === "DeleteScheduledActionCommand") actions.delete(name);
    const ScheduledUpdateGroupActions = [...actions.keys()].map((one) => ({
      ScheduledActionName: one,
    }));
    return { ScheduledUpdateGroupActions };
  };
  return { actions, client: { send } as never };
}

const morning = { cron: "0 8 * * *", at: null, timeZone: "Europe/Berlin", min: 4 };

test("a group gets the schedules once, with their zone; a changed one is replaced, and the clean-up stays", async () => {
  const { actions, client } = groupWithActions();
  await putSchedules(client, "blue", { list: [morning], hasPolicy: true });
  await putSchedules(client, "blue", { list: [morning], hasPolicy: true });
  expect([...actions.values()].slice(1)).toEqual([
    {
      AutoScalingGroupName: "blue",
      Recurrence: "0 8 * * *",
      TimeZone: "Europe/Berlin",
      MinSize: 4,
    },
  ]);
  const before = [...actions.keys()];
  const changed = { list: [{ ...morning, cron: "0 9 * * *" }], hasPolicy: true };
  expect(await hasSchedules(client, "blue", changed)).toBe(false);
  await putSchedules(client, "blue", changed);
  expect(await hasSchedules(client, "blue", changed)).toBe(true);
  expect(actions.size).toBe(2);
  expect([...actions.keys()]).not.toEqual(before);
  await putSchedules(client, "blue", { list: [], hasPolicy: true });
  expect([...actions.keys()]).toEqual(["infer-deploy-retire"]);
});

test("without a policy a schedule sets the number itself, because nothing else ends instances", async () => {
  const { actions, client } = groupWithActions();
  await putSchedules(client, "blue", { list: [morning], hasPolicy: false });
  expect([...actions.values()][1]).toMatchObject({ MinSize: 4, DesiredCapacity: 4 });
});

test("a one-time schedule is put at its moment, once; one that is past is neither put nor removed", async () => {
  const { actions, client } = groupWithActions();
  const once = { cron: null, at: "2999-12-24 08:00", timeZone: "Europe/Berlin", min: 9 };
  const past = { ...once, at: "2020-12-24 08:00" };
  const both = { list: [once, past], hasPolicy: true };
  expect(await hasSchedules(client, "blue", both)).toBe(false);
  await putSchedules(client, "blue", both);
  expect([...actions.values()].slice(1)).toEqual([
    { AutoScalingGroupName: "blue", StartTime: new Date("2999-12-24T07:00:00Z"), MinSize: 9 },
  ]);
  expect(await hasSchedules(client, "blue", both)).toBe(true);
  // Its time came a moment ago, and AWS has not run it yet.
  const early = { list: [{ ...past, at: "2998-01-01 00:00" }], hasPolicy: true };
  await putSchedules(client, "blue", early);
  const [name = ""] = [...actions.keys()].slice(1);
  vi.useFakeTimers({ now: new Date("2998-06-01T00:00:00Z"), toFake: ["Date"] });
  try {
    expect(await hasSchedules(client, "blue", early)).toBe(true);
    await putSchedules(client, "blue", early);
    expect(actions.has(name)).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
