import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../package-root.ts";
import { interfaceEndpoints } from "./parts-network.ts";

const modules = join(packageRoot, "templates/terraform/modules");

test("the endpoints are those of the services that an instance calls, and as many as the estimate counts", () => {
  const list = /toset\(\[([^\]]*)\]/.exec(read("network", "endpoints.tf"))?.[1] ?? "";
  const services = [...list.matchAll(/"([\w.]+)"/g)].map(([, name = ""]) => name);
  expect(services).toHaveLength(interfaceEndpoints);
  const agent = join(packageRoot, "templates/instance/agent");
  const source = readdirSync(agent).map((name) => readFileSync(join(agent, name), "utf8"));
  const called = [...source.join("\n").matchAll(/\baws\.call\(\s*"(\w+)"/g)].map(
    ([, name = ""]) => name,
  );
  // The engine pulls and logs; Session Manager's own program has the second channel. S3 has the gateway endpoint.
  const expected = called.map((name) => (name === "ecr" ? "ecr.api" : name));
  expect([...new Set([...expected, "ecr.dkr", "ssmmessages"])].toSorted()).toEqual(
    services.toSorted(),
  );
});

test("the estimate counts every alarm of the templates", () => {
  const texts = readdirSync(modules).flatMap((name) =>
    readdirSync(join(modules, name))
      .filter((file) => file.endsWith(".tf"))
      .map((file) => read(name, file)),
  );
  const kinds = texts.flatMap((text) =>
    [...text.matchAll(/resource "aws_cloudwatch_(?:metric|composite)_alarm" "(\w+)"/g)].map(
      ([, name = ""]) => name,
    ),
  );
  // A new one belongs into parts-sight.ts, and its price into the hand calculations of the examples.
  expect(kinds.toSorted()).toEqual([
    ...["call", "certificate", "certificate", "connections", "empty", "errors", "errors", "fill"],
    ...["full", "latency", "latency", "no_healthy_host", "share", "slow", "status"],
    ...["unanswered", "unanswered", "unhealthy", "unhealthy"],
  ]);
});

test("what a launch template starts has the stack's tags, and so does everything that the provider makes", () => {
  const launchTemplates = readdirSync(modules).filter((name) =>
    readdirSync(join(modules, name)).some((file) =>
      read(name, file).includes('"aws_launch_template"'),
    ),
  );
  expect(launchTemplates).toEqual(["fleet", "machine"]);
  for (const name of launchTemplates) {
    expect(read(name, "main.tf")).toContain(
      'for_each = toset(["instance", "network-interface", "volume"])',
    );
  }
  const root = readFileSync(join(packageRoot, "templates/terraform/root/providers.tf"), "utf8");
  expect(root).toMatch(/default_tags \{\s+tags = local\.tags/);
  expect(root).toContain('"infer-deploy:stack"');
});

function read(module: string, file: string): string {
  return readFileSync(join(modules, module, file), "utf8");
}
