import {
  ListHealthChecksCommand,
  type ListTagsForResourcesCommand,
} from "@aws-sdk/client-route-53";
import { expect, test } from "vitest";
import { nameStack } from "../../../stack/names.ts";
import type { AwsClients } from "../../clients.ts";
import { healthChecks } from "./health-checks.ts";

type Tags = Readonly<Record<string, string>>;

const names = nameStack("app", "production", "eu-west-1");
const stack = { name: "app", environment: "production", region: "eu-west-1", names, domain: null };
const own = { "infer-deploy:name": "app", "infer-deploy:environment": "production" };

/** Route53 with checks that have these tags, in pages of ten; `asked`: how many ids each question had. */
function account(checks: readonly Tags[]) {
  const asked: number[] = [];
  const send = async (command: ListHealthChecksCommand | ListTagsForResourcesCommand) => {
    if (command instanceof ListHealthChecksCommand) {
      const start = Number(command.input.Marker ?? 0);
      return {
        HealthChecks: checks
          .slice(start, start + 10)
          .map((_, index) => ({ Id: `check-${start + index}` })),
        NextMarker: start + 10 < checks.length ? String(start + 10) : undefined,
      };
    }
    const ids = command.input.ResourceIds ?? [];
    asked.push(ids.length);
    return {
      ResourceTagSets: ids.map((ResourceId) => ({
        ResourceId,
        Tags: Object.entries(checks[Number(ResourceId.slice(6))] ?? {}).map(([Key, Value]) => ({
          Key,
          Value,
        })),
      })),
    };
  };
  const aws = { route53: async () => ({ send }) } as unknown as AwsClients;
  const ask = async (healthCheckRegion?: string) =>
    healthChecks.ask(aws, { ...stack, healthCheckRegion }, []);
  return { ask, asked };
}

test("only those of the stack in its region are left, however many the account has", async () => {
  const others = Array.from({ length: 11 }, () => ({ "infer-deploy:name": "other" }));
  const { ask, asked } = account([
    ...others,
    { ...own, "infer-deploy:region": "eu-central-1" },
    { ...own, "infer-deploy:region": "eu-west-1" },
  ]);
  expect(await ask("eu-west-1")).toEqual(["Route53 health check check-12"]);
  expect(asked).toEqual([10, 3]);
});

test("a stack without health checks does not ask: its credentials may not", async () => {
  const { ask, asked } = account([{ ...own, "infer-deploy:region": "eu-west-1" }]);
  expect(await ask()).toEqual([]);
  expect(asked).toEqual([]);
});
