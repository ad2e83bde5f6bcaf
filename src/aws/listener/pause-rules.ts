import {
  DeleteRuleCommand,
  ModifyRuleCommand,
  type Action,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { unlessGone } from "../unless-gone.ts";
import { describeListener } from "../load-balancer.ts";
import { forwardsOf, siblingsOf } from "./listeners.ts";
import { addRule, headerCondition, headerValues, listRules } from "./rules.ts";

type LoadBalancing = Pick<ElasticLoadBalancingV2Client, "send">;

/** The header whose value lets a request pass a pause. */
export const passHeader = "x-infer-deploy-pass";

/** What the listener answers in place of the service. */
export interface PauseAnswer {
  readonly contentType: string;
  /** At most 1,024 bytes. */
  readonly body: string;
  /** When users may ask again. A load balancer does not send it; see `putPause`. */
  readonly retryAfterSeconds: number;
  /** The value of the header that lets a request pass. */
  readonly token: string;
}

/** What users see of it, as a listener has it. */
export type SeenAnswer = Pick<PauseAnswer, "contentType" | "body">;

/**
 * Makes a listener answer every request with 503 and this body, except for those with the pass. Such requests go where the listener sends
 * requests by default. Changes only what differs, so that it can be called again. Throws the SDK's own errors.
 *
 * A fixed response has a status, a type and a body, but no further header such as Retry-After (FixedResponseActionConfig in the API
 * reference of Elastic Load Balancing v2).
 */
export async function putPause(
  loadBalancing: LoadBalancing,
  listenerArn: string,
  answer: PauseAnswer,
): Promise<void> {
  const rules = await listRules(loadBalancing, listenerArn);
  // The pass first: at no moment may it lead nowhere while users get the answer.
  await putPass(loadBalancing, listenerArn, rules, answer.token);
  const fixed = fixedResponse(answer);
  const [own, ...others] = rules.filter(isAnswer);
  if (own === undefined) {
    const rule = { Conditions: [everyPath], Actions: [fixed] };
    await addRule(loadBalancing, listenerArn, rule, { firstPriority, isOwn: isAnswer });
  } else if (!isSame(answerOf(own), answer)) {
    await loadBalancing.send(new ModifyRuleCommand({ RuleArn: own.RuleArn, Actions: [fixed] }));
  }
  await removeRules(loadBalancing, others);
}

/** What the listener answers in place of the service; undefined when the service answers. Its token is not known from there. */
export async function pausedAnswer(
  loadBalancing: LoadBalancing,
  listenerArn: string,
): Promise<SeenAnswer | undefined> {
  const rules = await listRules(loadBalancing, listenerArn);
  return rules.filter(isAnswer).map(answerOf)[0];
}

/**
 * Ends a pause on every listener of the load balancer: the one that served when it began may redirect now. Throws the SDK's own errors.
 */
export async function removePause(
  loadBalancing: LoadBalancing,
  listenerArn: string,
): Promise<void> {
  const own = await describeListener(loadBalancing, listenerArn);
  for (const { ListenerArn: arn = "" } of await siblingsOf(loadBalancing, own)) {
    const rules = await listRules(loadBalancing, arn);
    // The pass last: until then a release's requests reach the service, whichever rule is there.
    await removeRules(loadBalancing, rules.filter(isAnswer));
    await removeRules(loadBalancing, rules.filter(isPass));
  }
}

/** Sends the requests that pass where the listener sends requests now. Does nothing without a pause. */
export async function followDefault(
  loadBalancing: LoadBalancing,
  listenerArn: string,
): Promise<void> {
  const pass = (await listRules(loadBalancing, listenerArn)).filter(isPass);
  if (pass.length === 0) return;
  const Actions = await defaultForward(loadBalancing, listenerArn);
  for (const { RuleArn } of pass) {
    await loadBalancing.send(new ModifyRuleCommand({ RuleArn, Actions }));
  }
}

async function putPass(
  loadBalancing: LoadBalancing,
  listenerArn: string,
  rules: readonly Rule[],
  token: string,
): Promise<void> {
  const own = rules.filter((rule) => passValues(rule).includes(token));
  await removeRules(
    loadBalancing,
    rules.filter((rule) => isPass(rule) && !own.includes(rule)),
  );
  if (own.length > 0) return;
  const rule = {
    Conditions: [headerCondition(passHeader, token)],
    Actions: await defaultForward(loadBalancing, listenerArn),
  };
  await addRule(loadBalancing, listenerArn, rule, { firstPriority, isOwn: isPass });
}

/** A login is not among them: a rule cannot take over the client's secret that the default action has. */
async function defaultForward(
  loadBalancing: LoadBalancing,
  listenerArn: string,
): Promise<Action[]> {
  const listener = await describeListener(loadBalancing, listenerArn);
  return forwardsOf(listener).map((action) => ({ ...action, Order: 1 }));
}

async function removeRules(loadBalancing: LoadBalancing, rules: readonly Rule[]): Promise<void> {
  for (const { RuleArn } of rules) {
    await unlessGone(loadBalancing.send(new DeleteRuleCommand({ RuleArn })));
  }
}

/** No other rule of a stack answers every path with 503. */
function isAnswer({ Actions: actions = [], Conditions: conditions = [] }: Rule): boolean {
  const [condition] = conditions;
  return (
    actions.length === 1 &&
    actions[0]?.FixedResponseConfig?.StatusCode === "503" &&
    conditions.length === 1 &&
    condition?.Field === "path-pattern" &&
    (condition.PathPatternConfig?.Values ?? condition.Values ?? []).join() === "*"
  );
}

function isPass(rule: Rule): boolean {
  return passValues(rule).length > 0;
}

function passValues(rule: Rule): readonly string[] {
  return headerValues(rule, passHeader);
}

function answerOf({ Actions: [action] = [] }: Rule): SeenAnswer {
  const { ContentType = "", MessageBody = "" } = action?.FixedResponseConfig ?? {};
  return { contentType: ContentType, body: MessageBody };
}

function isSame(one: SeenAnswer, other: SeenAnswer): boolean {
  return one.contentType === other.contentType && one.body === other.body;
}

function fixedResponse({ contentType, body }: PauseAnswer): Action {
  return {
    Type: "fixed-response",
    FixedResponseConfig: { StatusCode: "503", ContentType: contentType, MessageBody: body },
  };
}

const everyPath = { Field: "path-pattern", PathPatternConfig: { Values: ["*"] } };

/** After the rules of probes, which take the first free ones: a probe must reach the new version during a pause too. */
const firstPriority = 11;
