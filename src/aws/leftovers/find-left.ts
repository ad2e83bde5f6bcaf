import { describeLine } from "../../errors/describe.ts";
import type { AwsClients } from "../clients.ts";
import { alarms, dashboards, topics } from "./services/sight.ts";
import type { Arn } from "./arn.ts";
import { budgets } from "./services/budgets.ts";
import { certificates } from "./services/certificates.ts";
import { cloudfront } from "./services/cloudfront.ts";
import { ec2 } from "./services/ec2.ts";
import { groups } from "./services/groups.ts";
import { healthChecks } from "./services/health-checks.ts";
import { loadBalancing } from "./services/load-balancing.ts";
import { logGroups } from "./services/log-groups.ts";
import { parameters } from "./services/parameters.ts";
import type { Question, SoughtStack } from "./question.ts";
import { records } from "./services/records.ts";
import { repositories } from "./services/repositories.ts";
import { roles } from "./services/roles.ts";
import { secrets } from "./services/secrets.ts";
import { taggedArns } from "./tagged-arns.ts";
import { webAcls } from "./services/web-acls.ts";

export interface Leftovers {
  /** What exists, one phrase for each resource; sorted. */
  readonly left: readonly string[];
  /** What could not be found out, one sentence each. */
  readonly unsure: readonly string[];
}

/**
 * What AWS still has of a stack in its region. Every service is asked itself: AWS's tag index only says what to ask about, because it lists
 * deleted resources for hours. What these credentials may not look at, and listed kinds that no stack has, come back as `unsure`.
 */
export async function findLeft(aws: AwsClients, stack: SoughtStack): Promise<Leftovers> {
  const listed = await unlessDenied("resourcegroupstaggingapi", async () =>
    taggedArns(await aws.tagging(), stack),
  );
  const arns = "denied" in listed ? [] : listed.found;
  const answers = await Promise.all(
    questions.map(async (question) =>
      unlessDenied(question.service, async () =>
        question.ask(aws, stack, arns.filter(isAbout(question))),
      ),
    ),
  );
  const unknown = arns.filter((arn) => !questions.some((question) => isAbout(question)(arn)));
  return {
    left: answers.flatMap((answer) => ("denied" in answer ? [] : answer.found)).toSorted(),
    unsure: [
      ...[listed, ...answers].flatMap((answer) => ("denied" in answer ? [answer.denied] : [])),
      ...unknown.map(({ text }) => `AWS's tag index lists ${text}, a kind that no stack has`),
    ],
  };
}

function isAbout({ service, kinds }: Question): (arn: Arn) => boolean {
  return (arn) => arn.service === service && kinds.includes(arn.kind);
}

async function unlessDenied<T>(
  service: string,
  ask: () => Promise<readonly T[]>,
): Promise<{ readonly found: readonly T[] } | { readonly denied: string }> {
  try {
    return { found: await ask() };
  } catch (error) {
    if (error instanceof Error && /AccessDenied|Unauthorized|AuthorizationError/.test(error.name)) {
      return { denied: `${service} could not be asked: ${describeLine(error)}` };
    }
    throw error;
  }
}

const questions: readonly Question[] = [
  alarms,
  budgets,
  certificates,
  cloudfront,
  dashboards,
  ec2,
  groups,
  healthChecks,
  loadBalancing,
  logGroups,
  parameters,
  records,
  repositories,
  roles,
  secrets,
  topics,
  webAcls,
];
