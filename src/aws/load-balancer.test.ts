import {
  DescribeListenersCommand,
  ModifyListenerCommand,
  type Listener,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { serveOnPort80 } from "./listener/port-80.ts";
import { listenerWeights, setListenerWeights } from "./load-balancer.ts";

const [https, http] = ["arn:443", "arn:80"];

function forwarding(arn: string, groups: Readonly<Record<string, number>>): Listener {
  return {
    ListenerArn: arn,
    Port: Number(arn.replace("arn:", "")),
    LoadBalancerArn: "arn:lb",
    DefaultActions: [
      {
        Type: "forward",
        ForwardConfig: {
          TargetGroups: Object.entries(groups).map(([TargetGroupArn, Weight]) => ({
            TargetGroupArn,
            Weight,
          })),
        },
      },
    ],
  };
}

const redirecting: Listener = {
  ListenerArn: http,
  LoadBalancerArn: "arn:lb",
  Port: 80,
  DefaultActions: [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301", Port: "443" } }],
};

/** A load balancer with a domain: 443 serves, 80 redirects. */
function loadBalancer(...further: readonly Listener[]) {
  const atFirst = { "arn:blue": 100, "arn:green": 0 };
  const all = [forwarding(https, atFirst), redirecting, ...further];
  const listeners = new Map(all.map((one) => [one.ListenerArn ?? "", one]));
  const modified: string[] = [];
  const send = async (command: unknown) => {
    if (command instanceof DescribeListenersCommand) {
      const { ListenerArns: arns, LoadBalancerArn: of } = command.input;
      return {
        Listeners: [...listeners.values()].filter(
          (one) => arns?.includes(one.ListenerArn ?? "") ?? one.LoadBalancerArn === of,
        ),
      };
    }
    if (command instanceof ModifyListenerCommand) {
      const { ListenerArn: arn = "", DefaultActions } = command.input;
      listeners.set(arn, { ...listeners.get(arn), ...(DefaultActions && { DefaultActions }) });
      modified.push(arn);
    }
    return {};
  };
  const client = { send } as unknown as Parameters<typeof listenerWeights>[0];
  const weights = async (arn: string) => Object.fromEntries(await listenerWeights(client, arn));
  return { client, modified, weights };
}

const toGreen = new Map([
  ["arn:blue", 0],
  ["arn:green", 100],
]);

test("a release moves the listener that serves, and port 80 redirects until it has to serve", async () => {
  const own = forwarding("arn:8080", { "arn:admin": 1 });
  const { client, modified, weights } = loadBalancer(own);
  await setListenerWeights(client, https, toGreen);
  expect(await weights(http)).toEqual({});
  await serveOnPort80(client, https);
  expect(await weights(http)).toEqual({ "arn:blue": 0, "arn:green": 100 });
  expect(await weights("arn:8080")).toEqual({ "arn:admin": 1 });
  expect(modified).toEqual([https, http]);
});

test("the listener of a stack without a domain is left alone", async () => {
  const { client, modified } = loadBalancer();
  await serveOnPort80(client, http);
  expect(modified).toEqual([]);
});
