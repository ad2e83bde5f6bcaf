import { expect, test } from "vitest";
import type { Path } from "./problem.ts";
import { configFile } from "../schema/config.ts";
import { keysOf, schemaAt, suggestKey, suggestValue } from "./suggest.ts";

test.each<[Path, string, string | null]>([
  [[], "regin", "region"],
  [[], "Name", "name"],
  [[], "environment", "environments"],
  [[], "healthcheck", "health"],
  [[], "port", "image.port"],
  [["image"], "buildArgs", "build_args"],
  [["image"], "build-args", "build_args"],
  [["environments", "staging", "image"], "platfrom", "platform"],
  [[], "interval", "health.interval"],
  [["release"], "weight", "release.canary.weight"],
  [["release"], "path", "release.probe.path"],
  [["release", "canary"], "strategy", "release.strategy"],
  [["release", "probe"], "weight", "release.canary.weight"],
  [["image"], "batch", "release.rolling.batch"],
  [["environments", "staging", "image"], "batch", "environments.staging.release.rolling.batch"],
  [["environments", "staging"], "name", null],
  [["instances"], "memory_mb", "memory"],
  [[], "constructor", null],
  [["logs"], "quite-another-thing", null],
])("in %j, %s means %s", (map, key, meant) => {
  expect(suggestKey(configFile, map, key)).toBe(meant);
});

test.each<[Path, unknown, string | null]>([
  [["name"], "My_App", "my-app"],
  [["name"], "app-", null],
  [["region"], "eu_central_1", "eu-central-1"],
  [["region"], "us-east1", "us-east-1"],
  [["image", "port"], "8080", "8080"],
  [["image", "port"], "constructor", null],
  [["image", "platform"], "arm64", "linux/arm64"],
  [["image", "context"], "-app", "./-app"],
  [["health", "path"], "healthz", "/healthz"],
  [["health", "interval"], 30, "30s"],
  [["health", "interval"], "30", "30s"],
  [["health", "interval"], "2 minutes", "2m"],
  [["health", "interval"], "1s", null],
  [["network", "zones"], "3", "3"],
  [["network", "cidr"], "10.42.1.0/16", "10.42.0.0/16"],
  [["network", "allow"], "10.0.0.0/8", "[10.0.0.0/8]"],
  [["network", "allow", 0], "203.0.113.7", "203.0.113.7/32"],
  [["domain"], "https://API.example.com/", "api.example.com"],
  [["domain"], "api.example.com.", "api.example.com"],
  [["logs", "retention"], 31, "30"],
  [["protection"], "yes", "true"],
  [["protection"], "off", "false"],
  [["release", "strategy"], "BlueGreen", "blue-green"],
  [["release", "probe", "method"], "post", "POST"],
  [["release", "probe", "status"], "200", "200"],
  [["release", "alarms"], "queue-too-long", "[queue-too-long]"],
  [["release", "probe", "path"], "v1/embeddings", "/v1/embeddings"],
  [["environments", "staging", "instances", "type"], "T4G.small", "t4g.small"],
])("at %j, %j means %s", (path, value, meant) => {
  const schema = schemaAt(configFile, path);
  expect(schema).not.toBeNull();
  expect(schema && suggestValue(schema, value)).toBe(meant);
});

test("names of every object are no keys of the schema", () => {
  expect(schemaAt(configFile, ["constructor"])).toBeNull();
  expect(schemaAt(configFile, ["name", "length"])).toBeNull();
  expect(keysOf(schemaAt(configFile, ["logs"]))).toEqual(["retention"]);
});

test("several lines are not put into one", () => {
  const schema = schemaAt(configFile, ["env", "MOTD"]);
  expect(schema && suggestValue(schema, "a\nb")).toBeNull();
  const region = schemaAt(configFile, ["region"]);
  expect(region && suggestValue(region, "eu-west-1\n")).toBe("eu-west-1");
});

test("a control character is not suggested, because a terminal would obey it", () => {
  const schema = schemaAt(configFile, ["release", "probe", "json_path"]);
  expect(schema && suggestValue(schema, "data.a b")).toBe("data-a-b");
  expect(schema && suggestValue(schema, "data.a \u001B[31mb")).toBeNull();
});
