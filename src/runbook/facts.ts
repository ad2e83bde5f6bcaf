import type { Config } from "../config/schema/config.ts";
import { typesOf } from "../config/schema/fleet/instances.ts";
import { colours } from "../stack/colour.ts";
import { nameStack, type StackNames } from "../stack/names.ts";
import { hasHealthChecks } from "../config/schema/edge/routing.ts";
import { fleetOutputs, type FleetOutputs, type StackRecord } from "../state/stack-record.ts";

/** What the templates name. A group that is false is left out, with the text in its section. */
export interface RunbookFacts {
  /** For a person. */
  readonly stack: string;
  readonly region: string;
  readonly url: string;
  readonly listener: string;
  readonly target_groups: FleetOutputs["target_group_arns"];
  readonly colours: readonly { readonly group: string; readonly target_group: string }[];
  /** Names of the stack's alarms, with spaces between. */
  readonly alarms: string;
  readonly repository: string;
  /** Host name of the registry. */
  readonly registry: string;
  readonly instance_role: string;
  readonly port: number;
  readonly type: string;
  readonly max: number;
  readonly domain: { readonly name: string; readonly zone: string } | false;
  /** A domain that is shared with other regions. */
  readonly shared:
    | {
        readonly name: string;
        readonly zone: string;
        /** Of the stack's own record. */
        readonly set_identifier: string;
        /** Names of the alarms that Route53 follows, with spaces between; empty for a secondary. */
        readonly health_alarms: string;
      }
    | false;
  /** Resource address in Terraform's state. */
  readonly address_record: string;
  readonly cloudfront: boolean;
  readonly plain: boolean;
  readonly github: { readonly release: string; readonly plan: string } | false;
  readonly keys: boolean;
  readonly login: boolean;
  readonly has_secrets: boolean;
  /** With commas between; empty without any. */
  readonly secrets: string;
  readonly bucket: string;
  /** Of the stack's documents in the bucket. */
  readonly prefix: string;
  readonly state_s3: boolean;
  /** The file. */
  readonly state_local: string | false;
  readonly state_cloud: boolean;
}

/** `file`: of Terraform's state with `state.backend: local`. */
export function runbookFacts(
  config: Config,
  record: StackRecord,
  { bucket, file }: { readonly bucket: string; readonly file: string },
): RunbookFacts {
  const { region } = record;
  const outputs = fleetOutputs(record.outputs);
  const names = nameStack(record.name, record.environment, region);
  const [domain] = config.domains;
  const { blue, green, load_balancer: balancer } = outputs.alarm_names;
  return {
    stack: `${record.name} (${record.environment}) in ${region}`,
    region,
    url: outputs.url,
    listener: outputs.listener_arn,
    target_groups: outputs.target_group_arns,
    colours: colours.map((colour) => ({
      group: outputs.autoscaling_group_names[colour],
      target_group: outputs.target_group_arns[colour],
    })),
    alarms: [blue, green, balancer].flatMap((group) => Object.values(group)).join(" "),
    repository: outputs.repository_url,
    registry: outputs.repository_url.split("/")[0] ?? "",
    instance_role: names.instance_role,
    port: config.image.port,
    type: typesOf(config.instances).join(" or "),
    max: config.instances.max,
    domain: domain === undefined ? false : { name: domain, zone: config.zone ?? "" },
    shared: config.routing !== "simple" && sharedDomain(config, names),
    address_record: addressRecord,
    cloudfront: config.https === "cloudfront",
    plain: domain === undefined && config.https === null,
    github: outputs.github_role_arns ?? false,
    keys: record.key_group !== undefined,
    login: record.login !== undefined,
    has_secrets: Object.keys(config.secrets).length > 0,
    secrets: Object.keys(config.secrets).join(", "),
    bucket,
    prefix: names.state_prefix,
    state_s3: config.state.backend === "s3",
    state_local: config.state.backend === "local" && file,
    state_cloud: config.state.backend === "cloud",
  };
}

function sharedDomain(
  config: Pick<Config, "domains" | "routing" | "zone">,
  { id, set_identifier }: Pick<StackNames, "id" | "set_identifier">,
): RunbookFacts["shared"] {
  return {
    name: config.domains[0] ?? "",
    zone: config.zone ?? "",
    set_identifier,
    health_alarms: hasHealthChecks(config)
      ? colours.map((colour) => `${id}-${colour}-empty`).join(" ")
      : "",
  };
}

/** In templates/terraform. */
export const addressRecord = "module.address.aws_route53_record.this";
