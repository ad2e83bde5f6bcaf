import { expect, test } from "vitest";
import { setAlarmMessages } from "./mute-alarms.ts";

test("each alarm is muted and heard again, by hundreds", async () => {
  const muted = new Set<string>();
  const sizes: number[] = [];
  const send = async (command: {
    readonly constructor: { readonly name: string };
    readonly input: { readonly AlarmNames: readonly string[] };
  }) => {
    sizes.push(command.input.AlarmNames.length);
    for (const name of command.input.AlarmNames) {
      if (command.constructor.name === "DisableAlarmActionsCommand") muted.add(name);
      else muted.delete(name);
    }
    return {};
  };
  const names = Array.from({ length: 101 }, (_, index) => `alarm-${index}`);
  await setAlarmMessages({ send } as never, names, false);
  expect([...muted]).toEqual(names);
  await setAlarmMessages({ send } as never, names, true);
  expect([muted.size, sizes]).toEqual([0, [100, 1, 100, 1]]);
  await setAlarmMessages({ send } as never, [], true);
  expect(sizes).toHaveLength(4);
});
