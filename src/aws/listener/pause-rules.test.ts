import type {
  Action,
  ElasticLoadBalancingV2Client,
  Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import {
  followDefault,
  passHeader,
  pausedAnswer,
  putPause,
  removePause,
  type PauseAnswer,
} from "./pause-rules.ts";

interface Input extends Rule {
  readonly ListenerArn?: string;
  readonly ListenerArns?: readonly string[];
}

/** A load balancer with two listeners, whose rules are kept as Elastic Load Balancing does. A call may lose its answer, and is sent again. */
function balancer({ losesAnswers = false } = {}) {
  const forward = (blue: number): Action => ({
    Type: "forward",
    ForwardConfig: { TargetGroups: [{ TargetGroupArn: "arn:blue", Weight: blue }] },
  });
  const login: Action = { Type: "authenticate-oidc", Order: 1 };
  const listeners: Record<string, { actions: Action[]; rules: Rule[] }> = {
    "arn:main": { actions: [login, { ...forward(100), Order: 2 }], rules: [] },
    "arn:other": { actions: [{ Type: "redirect" }], rules: [] },
  };
  const calls: string[] = [];
  let made = 0;
  const allRules = () => Object.values(listeners).flatMap(({ rules }) => rules);
  const answers: Readonly<Record<string, (input: Input) => object>> = {
    DescribeListeners: ({ ListenerArns: arns }) => ({
      Listeners: (arns ?? Object.keys(listeners)).map((arn) => ({
        ListenerArn: arn,
        LoadBalancerArn: "arn:balancer",
        DefaultActions: listeners[arn]?.actions,
      })),
    }),
    DescribeRules: ({ ListenerArn: arn = "" }) => ({
      Rules: [...(listeners[arn]?.rules ?? []), { RuleArn: "default", Priority: "default" }],
    }),
    CreateRule: ({ ListenerArn: arn = "", Priority: priority, ...rule }) => {
      const rules = listeners[arn]?.rules ?? [];
      if (rules.some((one) => one.Priority === String(priority))) {
        throw awsFailure("PriorityInUseException", "in use");
      }
      made += 1;
      rules.push({ ...rule, RuleArn: `rule-${made}`, Priority: String(priority) });
      return {};
    },
    ModifyRule: ({ RuleArn: arn, Actions }) => {
      const found = allRules().find((one) => one.RuleArn === arn);
      if (found === undefined) throw awsFailure("RuleNotFoundException", "gone");
      Object.assign(found, { Actions });
      return {};
    },
    DeleteRule: ({ RuleArn: arn }) => {
      if (!allRules().some((one) => one.RuleArn === arn)) {
        throw awsFailure("RuleNotFoundException", "gone");
      }
      for (const one of Object.values(listeners)) {
        one.rules = one.rules.filter((rule) => rule.RuleArn !== arn);
      }
      return {};
    },
  };
  const send = async (command: { readonly input: Input }) => {
    const call = command.constructor.name.replace(/Command$/, "");
    calls.push(call);
    const answer = answers[call]?.(command.input);
    return losesAnswers && /^(Create|Delete)/.test(call) ? answers[call]?.(command.input) : answer;
  };
  return {
    listeners,
    calls,
    forward,
    client: { send } as unknown as Pick<ElasticLoadBalancingV2Client, "send">,
    rules: (arn = "arn:main") =>
      (listeners[arn]?.rules ?? []).toSorted(
        (one, other) => Number(one.Priority) - Number(other.Priority),
      ),
  };
}

const answer: PauseAnswer = {
  contentType: "text/html",
  body: "<p>later</p>",
  retryAfterSeconds: 600,
  token: "secret",
};

test("a request with the pass goes where the listener sends requests, and every other one gets the answer", async () => {
  const { client, forward, rules } = balancer();
  await putPause(client, "arn:main", answer);
  const [pass, fixed, ...others] = rules();
  expect(others).toEqual([]);
  expect(pass?.Conditions?.[0]?.HttpHeaderConfig).toEqual({
    HttpHeaderName: passHeader,
    Values: ["secret"],
  });
  expect(pass?.Actions).toEqual([{ ...forward(100), Order: 1 }]);
  expect(fixed?.Conditions).toEqual([
    { Field: "path-pattern", PathPatternConfig: { Values: ["*"] } },
  ]);
  expect(fixed?.Actions).toEqual([
    {
      Type: "fixed-response",
      FixedResponseConfig: {
        StatusCode: "503",
        ContentType: "text/html",
        MessageBody: "<p>later</p>",
      },
    },
  ]);
  expect(await pausedAnswer(client, "arn:main")).toEqual({
    contentType: "text/html",
    body: "<p>later</p>",
  });
});

test("both come after ten places for probes, whatever rules there are", async () => {
  const { client, listeners, rules } = balancer();
  listeners["arn:main"]?.rules.push({ RuleArn: "users", Priority: "11" });
  await putPause(client, "arn:main", answer);
  expect(rules().map(({ Priority }) => Priority)).toEqual(["11", "12", "13"]);
  expect(rules()[1]?.Conditions?.[0]?.Field).toBe("http-header");
});

test("the same again changes nothing; another message changes the answer in one call", async () => {
  const { client, calls, rules } = balancer();
  await putPause(client, "arn:main", answer);
  calls.length = 0;
  await putPause(client, "arn:main", answer);
  expect(calls.filter((call) => !call.startsWith("Describe"))).toEqual([]);
  await putPause(client, "arn:main", { ...answer, body: "soon" });
  expect(calls.filter((call) => !call.startsWith("Describe"))).toEqual(["ModifyRule"]);
  expect(rules()).toHaveLength(2);
});

test("calls whose answers are lost leave nothing behind in the end", async () => {
  const { client, rules } = balancer({ losesAnswers: true });
  await putPause(client, "arn:main", answer);
  await putPause(client, "arn:main", answer);
  expect((await pausedAnswer(client, "arn:main"))?.body).toBe("<p>later</p>");
  await removePause(client, "arn:main");
  expect(rules()).toEqual([]);
});

test("the end leaves the user's rules, and finds ours on a listener that served before", async () => {
  const { client, listeners, rules } = balancer();
  const users: Rule = {
    RuleArn: "users",
    Priority: "20",
    Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/old/*"] } }],
    Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } }],
  };
  listeners["arn:main"]?.rules.push(users);
  await putPause(client, "arn:other", answer);
  await putPause(client, "arn:main", answer);
  await removePause(client, "arn:main");
  expect([rules("arn:main"), rules("arn:other")]).toEqual([[users], []]);
  expect(await pausedAnswer(client, "arn:main")).toBeUndefined();
});

test("a release that moves traffic during a pause moves the requests that pass", async () => {
  const { client, calls, forward, listeners, rules } = balancer();
  await followDefault(client, "arn:main");
  expect(calls).toEqual(["DescribeRules"]);
  await putPause(client, "arn:main", answer);
  Object.assign(listeners["arn:main"] ?? {}, { actions: [forward(0)] });
  await followDefault(client, "arn:main");
  expect(rules()[0]?.Actions).toEqual([{ ...forward(0), Order: 1 }]);
});
