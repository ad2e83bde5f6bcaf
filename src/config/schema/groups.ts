import * as z from "zod/mini";
import { defaults } from "./defaults.ts";
import * as field from "./fields.ts";
import { instanceTypePattern } from "./instance-type.ts";
import { group, key } from "./keys.ts";

export const image = group("The container image: what is built and how it listens.", {
  context: key(
    field.filePath("a folder"),
    "Folder sent to Docker as the build context, relative to this file.",
    defaults.image.context,
  ),
  dockerfile: key(
    field.filePath("a file"),
    "The Dockerfile, relative to the context.",
    defaults.image.dockerfile,
  ),
  build_args: key(
    field.variables(),
    "Build arguments. They stay readable in the image: no secrets.",
    {},
  ),
  port: key(
    field.wholeNumber(1, 65_535),
    "Port on which the container listens.",
    defaults.image.port,
  ),
  platform: key(
    field.choice(["linux/amd64", "linux/arm64"], "linux/amd64 or linux/arm64"),
    "Platform that the image is built for. Default: the processor of instances.type.",
  ),
});

export const health = group("When an instance counts as healthy.", {
  path: key(field.urlPath(), "Path that answers 200 when the app can serve.", defaults.health.path),
  interval: key(
    // The load balancer's own limits.
    field.duration(5, 300),
    "Time between two health checks of the load balancer.",
    defaults.health.interval,
  ),
  timeout: key(
    field.duration(10, 7200),
    "Time that a new instance may take to become healthy once its container starts, including loading the model.",
    defaults.health.timeout,
  ),
  drain: key(
    field.duration(0, 3600),
    "Time that requests in flight get to finish when an instance leaves the load balancer.",
    defaults.health.drain,
  ),
  fail_fast: key(
    field.flag(),
    "Fail at once when an answer shows that the path or the port is wrong, instead of waiting for health.timeout.",
    defaults.health.fail_fast,
  ),
});

export const version = group(
  "Where the app reports its version. Without it, infer-deploy relies on the agent's report.",
  {
    path: key(field.urlPath(), "Path that answers with a JSON object.", defaults.version.path),
    field: key(
      field.text(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/, "the name of a field in the JSON answer"),
      "Field of the answer that holds the version.",
      defaults.version.field,
    ),
  },
);

export const instances = group("The machines, for each colour.", {
  type: key(
    field.text(instanceTypePattern, "an EC2 instance type, such as t3.small or g6.xlarge"),
    "EC2 instance type.",
    defaults.instances.type,
  ),
  min: key(field.wholeNumber(1, 500, "instances"), "Fewest instances.", defaults.instances.min),
  max: key(
    field.wholeNumber(1, 500, "instances"),
    "Most instances. Default: 4, or min if that is larger.",
    defaults.instances.max,
  ),
  disk: key(
    field.wholeNumber(8, 16_384, "GB"),
    "Size of the encrypted root disk in GB; the image must fit twice.",
    defaults.instances.disk,
  ),
  memory: key(
    field.wholeNumber(64, 33_554_432, "MB"),
    "Memory limit of the container in MB. Default: the instance's memory less 256 MB.",
  ),
});

export const network = group("The network of the stack.", {
  cidr: key(
    // It is divided into eight subnets, and a load balancer's subnet must be a /27 or larger.
    field.cidr(16, 24, "an IPv4 block from /16 to /24, such as 10.42.0.0/16"),
    "Addresses of the VPC. It cannot be changed while the stack exists.",
    defaults.network.cidr,
  ),
  zones: key(
    z.literal([2, 3], { error: "2 or 3" }),
    "Availability zones to spread over.",
    defaults.network.zones,
  ),
  egress: key(
    field.choice(
      ["public", "nat"],
      "public or nat (endpoints needs a machine image that has Docker, which is not in this version)",
    ),
    "How instances reach the internet. nat: private subnets behind a NAT gateway. public: public addresses with no inbound access; the cheapest.",
    defaults.network.egress,
  ),
  allow: key(
    // A security group has at most 60 rules, and every block needs one for each of the two ports.
    z
      .array(field.cidr(0, 32, "an IPv4 block, such as 203.0.113.0/24"), {
        error: "a list of 1 to 25 IPv4 blocks",
      })
      .check(
        z.minLength(1, { error: "a list of 1 to 25 IPv4 blocks" }),
        z.maxLength(25, { error: "a list of 1 to 25 IPv4 blocks" }),
      ),
    "Who may reach the address.",
    defaults.network.allow,
  ),
});

export const logs = group("The logs of the containers and of the boot.", {
  retention: key(
    z.literal(
      [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
        3288, 3653,
      ],
      {
        error:
          "a number of days that CloudWatch offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653",
      },
    ),
    "Days that CloudWatch keeps the logs.",
    defaults.logs.retention,
  ),
});

export const alarms = group(
  "When the stack raises an alarm. The same alarms roll a release back.",
  {
    server_errors: key(
      field.wholeNumber(1, 1_000_000, "answers"),
      "Alarm when the app gives this many 5xx answers in a minute.",
      defaults.alarms.server_errors,
    ),
    p99: key(
      field.duration(0.001, 300, 0.001),
      "Alarm when one answer in a hundred takes longer than this.",
      defaults.alarms.p99,
    ),
    unhealthy_hosts: key(
      // The most instances that a colour can have.
      field.wholeNumber(1, 500, "instances"),
      "Alarm when this many instances of a colour fail their health check for two minutes.",
      defaults.alarms.unhealthy_hosts,
    ),
  },
);
