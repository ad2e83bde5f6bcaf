import { DescribeScheduledActionsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeRulesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { setTimeout as sleep } from "node:timers/promises";
import { describeGroups } from "../../src/aws/fleet.ts";
import { listenerWeights } from "../../src/aws/load-balancer.ts";
import { probeHeader } from "../../src/aws/listener/probe-rule.ts";
import { askAddress } from "../../src/release/observe/address.ts";
import { readReleases } from "../../src/state/release-history.ts";
import { readJournal } from "../../src/state/journal.ts";

import type { World } from "./world.ts";
import { colours } from "../../src/stack/colour.ts";

/** What is wrong when no release is in progress, read without the command line. Terminating instances get some time to end. */
export async function findProblems(world: World, version: string): Promise<readonly string[]> {
  for (let attempt = 0; ; attempt += 1) {
    const problems = [...(await inAws(world)), ...(await inWords(world, version))];
    if (problems.length === 0 || attempt >= attempts) return problems;
    await sleep(1000);
  }
}

async function inAws({ inside }: World): Promise<readonly string[]> {
  const { aws, store, outputs } = inside;
  const loadBalancing = await aws.loadBalancing();
  const autoScaling = await aws.autoScaling();
  const byGroup = await listenerWeights(loadBalancing, outputs.listener_arn);
  const weights = colours.map((colour) => byGroup.get(outputs.target_group_arns[colour]) ?? 0);
  const serving = (weights[0] ?? 0) > (weights[1] ?? 0) ? "blue" : "green";
  const idle = serving === "blue" ? "green" : "blue";
  const names = outputs.autoscaling_group_names;
  const groups = await describeGroups(autoScaling, [names.blue, names.green]);
  const found = {
    blue: groups.find(({ name }) => name === names.blue),
    green: groups.find(({ name }) => name === names.green),
  };
  const live = (colour: "blue" | "green") =>
    (found[colour]?.instances ?? []).filter(({ lifecycle }) => !lifecycle.startsWith("Terminat"));
  const { ScheduledUpdateGroupActions: planned = [] } = await autoScaling.send(
    new DescribeScheduledActionsCommand({ AutoScalingGroupName: names[idle] }),
  );
  const { ScheduledUpdateGroupActions: threats = [] } = await autoScaling.send(
    new DescribeScheduledActionsCommand({ AutoScalingGroupName: names[serving] }),
  );
  const { Rules: rules = [] } = await loadBalancing.send(
    new DescribeRulesCommand({ ListenerArn: outputs.listener_arn }),
  );
  const isProbe = rules.some(({ Conditions = [] }) =>
    Conditions.some(({ HttpHeaderConfig }) => HttpHeaderConfig?.HttpHeaderName === probeHeader),
  );
  const journal = await readJournal(store);
  const open = (await readReleases(store)).filter(({ outcome }) => outcome === "in-progress");
  const wanted = found[serving]?.desired ?? 0;
  const isEndless = live(idle).length > 0 && planned.length === 0 && found[idle]?.desired !== 0;
  return [
    ...told(
      weights.toSorted((a, b) => a - b).join() !== "0,100",
      `weights ${weights.join(" and ")}`,
    ),
    ...told(isEndless, `${idle} runs ${live(idle).length} instances forever`),
    ...told(threats.length > 0, `${serving} serves and is scheduled to be emptied`),
    ...told(
      live(serving).length !== wanted || wanted < 2,
      `${serving} has ${live(serving).length} instances, wants ${wanted}`,
    ),
    ...told(found[serving]?.min !== 2, `${serving} has a minimum of ${found[serving]?.min}`),
    ...told(live(idle).length > 2, `${idle} has ${live(idle).length} instances`),
    ...told(isProbe, "a probe's rule is left"),
    ...told((await store.get("lock.json")) !== undefined, "the lock is held"),
    ...told(journal?.outcome === null, `the journal is open at the step ${journal?.step}`),
    ...told(open.length > 0, `release ${open[0]?.release} is in progress forever`),
  ];
}

/** `status` and the address must both report that the version serves. */
async function inWords({ app }: World, version: string): Promise<readonly string[]> {
  const { active, healthy, address } = await app.status();
  const answer = await askAddress(fetch, {
    url: app.url(),
    healthPath: "/readyz",
    version: { path: "/version", field: "version" },
  });
  return [
    ...told(active?.version !== version, `status says ${active?.version}, not ${version}`),
    ...told(!healthy, `status says not healthy: ${address}`),
    ...told(answer.version !== version, `the address answers ${answer.version}, not ${version}`),
  ];
}

function told(isProblem: boolean, text: string): readonly string[] {
  return isProblem ? [text] : [];
}

const attempts = 60;
