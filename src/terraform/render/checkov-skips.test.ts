import { expect, test } from "vitest";
import { loadTemplates } from "./template-files.ts";

/** Rules of checkov that a template is excused from, and where. `npm run audit` runs checkov; a rule more needs a reason as good as these. */
const skips = [
  "CKV2_AWS_20 load-balancer/main.tf aws_lb.this",
  "CKV2_AWS_28 load-balancer/main.tf aws_lb.this",
  "CKV2_AWS_34 release-pointers/main.tf aws_ssm_parameter.this",
  "CKV_AWS_103 load-balancer/listeners.tf aws_lb_listener.plain",
  "CKV_AWS_2 load-balancer/listeners.tf aws_lb_listener.plain",
  "CKV_AWS_338 logs/main.tf aws_cloudwatch_log_group.this",
  "CKV_AWS_338 waf/main.tf aws_cloudwatch_log_group.this",
  "CKV_AWS_358 github/main.tf aws_iam_policy_document.assume",
  "CKV_AWS_378 load-balancer/main.tf aws_lb_target_group.this",
];

/** Of a stack with CloudFront only: rules for a distribution with a certificate, a site and an origin of another kind. */
const cloudfrontSkips = [
  "CKV2_AWS_42",
  "CKV2_AWS_47",
  "CKV_AWS_174",
  "CKV_AWS_259",
  "CKV_AWS_305",
  "CKV_AWS_310",
  "CKV_AWS_374",
  "CKV_AWS_68",
];

/** Of a stack of one machine only, which is a web server itself. */
const machineSkips = [
  "CKV2_AWS_19 machine-address/main.tf aws_eip.this",
  "CKV_AWS_88 machine/main.tf aws_launch_template.this",
  "CKV2_AWS_34 machine/main.tf aws_ssm_parameter.settings",
  "CKV2_AWS_34 machine/main.tf aws_ssm_parameter.traffic",
  "CKV_AWS_260 machine/security-group.tf aws_vpc_security_group_ingress_rule.web",
];

/** Of a stack with addresses in `alerts` only. */
const alertsSkips = ["CKV_AWS_26 alerts/topic.tf aws_sns_topic.this"];

test("the templates are excused from these rules of checkov only, eight at most, each with its reason", async () => {
  const templates = [...(await loadTemplates())];
  const found = templates.flatMap(([path, text]) => skipsIn(path, text));
  const comments = templates.flatMap(([, text]) => text.match(/checkov:skip/g) ?? []);
  expect(found).toHaveLength(comments.length);
  const isCloudfront = ({ place }: { readonly place: string }) => place.startsWith("cloudfront/");
  const isAlerts = ({ place }: { readonly place: string }) => place.startsWith("alerts/");
  const isMachine = ({ place }: { readonly place: string }) =>
    /^machine(?:-address)?\//.test(place);
  const others = found.filter((skip) => !isCloudfront(skip) && !isAlerts(skip) && !isMachine(skip));
  expect(found.filter(isMachine).map(({ rule, place }) => `${rule} ${place}`)).toEqual(
    machineSkips,
  );
  expect(found.filter(isAlerts).map(({ rule, place }) => `${rule} ${place}`)).toEqual(alertsSkips);
  expect(others.map(({ rule, place }) => `${rule} ${place}`).toSorted()).toEqual(skips);
  expect(new Set(others.map(({ rule }) => rule)).size).toBeLessThanOrEqual(8);
  expect(
    found
      .filter(isCloudfront)
      .map(({ rule }) => rule)
      .toSorted(),
  ).toEqual(cloudfrontSkips);
  for (const { rule, reason } of found) expect(reason, rule).toMatch(/\w+ \w+/);
});

function skipsIn(path: string, text: string) {
  const place = path.replace("terraform/modules/", "");
  return [
    ...text.matchAll(/^(?:resource|data) "(.+)" "(.+)" \{\n((?: +# checkov:.*\n)+)/gm),
  ].flatMap(([, type, name, comments = ""]) =>
    [...comments.matchAll(/checkov:skip=(\w+):(.*)/g)].map(([, rule = "", reason = ""]) => ({
      rule,
      place: `${place} ${type}.${name}`,
      reason,
    })),
  );
}
