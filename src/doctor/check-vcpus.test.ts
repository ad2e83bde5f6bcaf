import { expect, test } from "vitest";
import type { Need } from "./account.ts";
import { checkVcpus } from "./check-vcpus.ts";

/** 6 vCPUs of each quota; instances of 2 vCPUs, and of 4 where the size is xlarge. */
async function check(
  changes: Partial<Need>,
  running: readonly (readonly [string, string?])[] = [],
) {
  const asked: unknown[] = [];
  const answers: Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => unknown>> = {
    GetServiceQuotaCommand: ({ QuotaCode }) => {
      asked.push(QuotaCode);
      return { Quota: { Value: 6 } };
    },
    DescribeInstancesCommand: () => ({
      Reservations: [
        {
          Instances: running.map(([InstanceType, InstanceLifecycle]) => ({
            InstanceType,
            InstanceLifecycle,
          })),
        },
      ],
    }),
    DescribeInstanceTypesCommand: ({ InstanceTypes }) => ({
      InstanceTypes: (InstanceTypes as string[]).map((InstanceType) => ({
        InstanceType,
        VCpuInfo: { DefaultVCpus: InstanceType.endsWith(".xlarge") ? 4 : 2 },
      })),
    }),
  };
  const client = async () => ({
    send: async (command: { readonly input: Readonly<Record<string, unknown>> }) =>
      answers[command.constructor.name]?.(command.input),
  });
  const need = {
    instanceTypes: ["c7i.large"],
    spot: null,
    starts: 0,
    doubles: 2,
    vpcs: 0,
    addresses: 0,
    ...changes,
  };
  const aws = { ec2: client, serviceQuotas: client } as never;
  const findings = await checkVcpus(aws, need, AbortSignal.timeout(5000));
  return { asked, texts: findings.map(({ state, detail }) => `${state}: ${detail}`) };
}

test("of a list, the quota of the preferred type counts, with the largest of its types", async () => {
  const { asked, texts } = await check({ instanceTypes: ["c7i.large", "m7i.xlarge", "g6.xlarge"] });
  expect(asked).toEqual(["L-1216C47A"]);
  expect(texts).toEqual([
    expect.stringMatching(/^warning: 0 of 6 in use, and a release needs 8 more/),
  ]);
});

test("Spot Instances have separate quotas, which their share of both colours must fit", async () => {
  const spot = { base: 1, share: 50 };
  const fleet = [["c7i.large"], ["c7i.large"], ["c7i.large"], ["c7i.large", "spot"]] as const;
  const { asked, texts } = await check({ spot, doubles: 4 }, fleet);
  expect(asked).toEqual(["L-1216C47A", "L-34B43A08"]);
  expect(texts).toEqual([
    expect.stringMatching(/^warning: 6 of 6 in use, and a release needs 6 more/),
    "ok: 2 of 6 in use",
  ]);
});

test("a fleet of Spot Instances alone asks for no On-Demand quota, and for that of each type", async () => {
  const spot = { base: 0, share: 100 };
  const { asked } = await check({
    spot,
    instanceTypes: ["c7i.large", "m7i.large", "x2idn.xlarge"],
  });
  expect(asked).toEqual(["L-34B43A08"]);
});
