import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { packageRoot } from "../../package-root.ts";
import { nameStack } from "../../stack/names.ts";
import type { AwsClients } from "../clients.ts";
import { findLeft } from "./find-left.ts";

/** The service and the kind in the ARN of what each resource of the templates makes; null: it has no ARN, or goes with another one. */
const kinds: Readonly<Record<string, string | null>> = {
  aws_acm_certificate: "acm:certificate/",
  aws_acm_certificate_validation: null,
  aws_autoscaling_group: "autoscaling:autoScalingGroup:",
  aws_autoscaling_policy: null,
  aws_budgets_budget: null,
  aws_cloudfront_cache_policy: null,
  aws_cloudfront_distribution: "cloudfront:distribution/",
  aws_cloudfront_response_headers_policy: null,
  aws_cloudfront_vpc_origin: "cloudfront:vpcorigin/",
  aws_cloudwatch_composite_alarm: "cloudwatch:alarm:",
  aws_cloudwatch_dashboard: null,
  aws_cloudwatch_log_group: "logs:log-group:",
  aws_cloudwatch_metric_alarm: "cloudwatch:alarm:",
  aws_cloudwatch_query_definition: null,
  aws_default_security_group: "ec2:security-group/",
  aws_ecr_lifecycle_policy: null,
  aws_ecr_repository: "ecr:repository/",
  aws_eip: "ec2:elastic-ip/",
  aws_flow_log: "ec2:vpc-flow-log/",
  aws_iam_instance_profile: "iam:instance-profile/",
  aws_iam_role: "iam:role/",
  aws_iam_role_policy: null,
  aws_internet_gateway: "ec2:internet-gateway/",
  aws_launch_template: "ec2:launch-template/",
  aws_lb: "elasticloadbalancing:loadbalancer/",
  aws_lb_listener: "elasticloadbalancing:listener/",
  aws_lb_target_group: "elasticloadbalancing:targetgroup/",
  aws_nat_gateway: "ec2:natgateway/",
  aws_route: null,
  aws_route53_health_check: "route53:healthcheck/",
  aws_route53_record: null,
  aws_route_table: "ec2:route-table/",
  aws_route_table_association: null,
  // The bucket has the state too, and is not listed.
  aws_s3_object: null,
  aws_security_group: "ec2:security-group/",
  aws_sns_topic: "sns:",
  aws_sns_topic_policy: null,
  aws_sns_topic_subscription: null,
  aws_ssm_parameter: "ssm:parameter/",
  aws_subnet: "ec2:subnet/",
  aws_vpc: "ec2:vpc/",
  aws_vpc_endpoint: "ec2:vpc-endpoint/",
  aws_vpc_security_group_egress_rule: "ec2:security-group-rule/",
  aws_vpc_security_group_ingress_rule: "ec2:security-group-rule/",
  aws_wafv2_web_acl: "wafv2:regional/webacl/",
  aws_wafv2_web_acl_association: null,
  aws_wafv2_web_acl_logging_configuration: null,
  terraform_data: null,
};

/** What Auto Scaling makes with the tags of a launch template. */
const launched = ["ec2:instance/", "ec2:network-interface/", "ec2:volume/"];

const templates = join(packageRoot, "templates", "terraform");

test("destroy knows every kind that the templates make", async () => {
  const files = (await readdir(templates, { recursive: true })).filter((path) =>
    path.endsWith(".tf"),
  );
  const texts = await Promise.all(
    files.map(async (path) => readFile(join(templates, path), "utf8")),
  );
  const types = new Set(
    texts.flatMap((text) => [...text.matchAll(/^resource "(\w+)"/gm)].map(([, type = ""]) => type)),
  );
  expect([...types].toSorted()).toEqual(Object.keys(kinds).toSorted());
});

test("destroy asks about each of them", async () => {
  const listed = [...Object.values(kinds).filter((kind) => kind !== null), ...launched].map(
    (kind) => {
      const [service, rest] = kind.split(/:(.*)/);
      return `arn:aws:${service}:eu-west-1:123456789012:${rest}one`;
    },
  );
  const { left, unsure } = await findLeft(emptyAccount(listed), {
    name: "app",
    environment: "production",
    region: "eu-west-1",
    names: nameStack("app", "production", "eu-west-1"),
    cloudfrontName: "app-production-eu-west-1",
    domain: null,
  });
  expect({ left, unsure }).toEqual({ left: [], unsure: [] });
});

/** An account in which nothing exists, whatever its tag index lists. */
function emptyAccount(listed: readonly string[]): AwsClients {
  const send = async (command: object): Promise<object> => {
    const name = command.constructor.name;
    if (name === "GetResourcesCommand") {
      return { ResourceTagMappingList: listed.map((ResourceARN) => ({ ResourceARN })) };
    }
    if (/^(Get(Role|InstanceProfile)|DescribeCertificate)Command$/.test(name)) {
      throw awsFailure("NoSuchEntityException", "not here");
    }
    return {};
  };
  return new Proxy({}, { get: () => async () => ({ send }) }) as AwsClients;
}
