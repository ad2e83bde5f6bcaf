import { expect, test } from "vitest";
import { readScaling } from "./read-scaling.ts";

const activity = (minute: number, Cause: string) => ({
  StartTime: new Date(Date.UTC(2026, 0, 1, 8, minute)),
  Cause,
});

test("the policy and the newest change that it made are read, not the changes of people", async () => {
  const by = "a monitor alarm TargetTracking-a-AlarmHigh-1 in state ALARM triggered policy target";
  const answers = {
    DescribePoliciesCommand: {
      ScalingPolicies: [
        {
          PolicyName: "target",
          TargetTrackingConfiguration: {
            TargetValue: 600,
            PredefinedMetricSpecification: { PredefinedMetricType: "ALBRequestCountPerTarget" },
          },
        },
        { PolicyName: "step", PolicyType: "StepScaling" },
      ],
    },
    DescribeScalingActivitiesCommand: {
      Activities: [
        activity(3, `At T a user request changed the desired capacity from 4 to 5.`),
        activity(1, `At T ${by} changing the desired capacity from 2 to 3. At T more.`),
        activity(2, `At T ${by} changing the desired capacity from 3 to 4. At T more.`),
      ],
    },
  };
  const send = async (command: { readonly constructor: { readonly name: string } }) =>
    answers[command.constructor.name as keyof typeof answers];
  expect(await readScaling({ send } as never, "a")).toEqual({
    policies: [{ name: "target", metric: "ALBRequestCountPerTarget", target: 600 }],
    last: { at: "2026-01-01T08:02:00.000Z", from: 3, to: 4, by: "target" },
  });
});
