import { expect, test } from "vitest";
import { fakeClock } from "../../../test/_helpers/fake-clock.ts";
import { tellOutage } from "./outage.ts";

test("once users get the service again, the seconds without it are reported", async () => {
  const clock = fakeClock();
  const told: string[] = [];
  const reporter = {
    notify: (event: { readonly type: string; readonly text?: string }) =>
      void told.push(`${event.type}: ${event.text}`),
  };
  const act = tellOutage({ clock, reporter }, async () => clock.sleep(500));
  await act({ do: "answer", by: "service" });
  await act({ do: "answer", by: "pause" });
  await act({ do: "clear", colour: "green" });
  // The way back begins with a pause, too.
  await act({ do: "answer", by: "pause" });
  expect(told).toEqual([]);
  await act({ do: "answer", by: "service" });
  expect(told).toEqual(["note: users got 503 for 1.5 s"]);
});
