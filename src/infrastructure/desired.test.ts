import { expect, test } from "vitest";
import { loginEndpoints } from "../../test/_helpers/infrastructure-world.ts";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import type { MachineImage } from "../aws/machine-image.ts";
import type { ImageKind } from "../aws/newest-image.ts";
import { parseConfig } from "../config/parse.ts";
import type { Colour } from "../stack/colour.ts";
import { resolveDesired, type Architecture } from "./desired.ts";

const newest = {
  ubuntu: { amd64: "ami-aaa", arm64: "ami-bbb" },
  gpu: { amd64: "ami-ccc", arm64: "ami-ddd" },
};

test("the applied machine image stays until the user asks for a newer one", async () => {
  const applied = { ...stackRecord(), ami_architecture: "amd64" as const };
  expect(await desired({ applied })).toMatchObject({ amiId: "ami-1" });
  expect(await desired({ applied, refreshAmi: true })).toMatchObject({ amiId: "ami-aaa" });
});

test("another processor gets an image that boots on it, and so does the way back", async () => {
  const amd64 = { ...stackRecord(), ami_architecture: "amd64" as const };
  const arm64 = { ...stackRecord(), ami_architecture: "arm64" as const };
  expect(await desired({ applied: amd64, type: "t4g.small" })).toMatchObject({
    amiId: "ami-bbb",
    amiArchitecture: "arm64",
  });
  expect(await desired({ applied: arm64, type: "t3.small" })).toMatchObject({
    amiId: "ami-aaa",
    amiArchitecture: "amd64",
  });
});

test("a GPU type gets AWS's image with the driver, which is kept, and so does the way back", async () => {
  const plain = { ...stackRecord(), ami_architecture: "amd64" as const };
  const checked: string[] = [];
  const first = await desired({ applied: plain, type: "g6.xlarge", checked });
  expect(first).toMatchObject({ amiId: "ami-ccc", amiKind: "gpu" });
  expect(checked).toEqual(["ami-ccc amd64 150"]);
  const applied = { ...plain, ami_id: "ami-cc0", ami_kind: "gpu" as const, disk_gb: 150 };
  const again = await desired({ applied, type: "g6.2xlarge", checked });
  expect(again).toMatchObject({ amiId: "ami-cc0" });
  expect(checked).toHaveLength(1);
  const renewed = await desired({ applied, type: "g6.xlarge", refreshAmi: true });
  expect(renewed).toMatchObject({ amiId: "ami-ccc" });
  expect(await desired({ applied, type: "g5g.xlarge" })).toMatchObject({ amiId: "ami-ddd" });
  expect(await desired({ applied, type: "t3.small" })).toMatchObject({
    amiId: "ami-aaa",
    amiKind: "ubuntu",
  });
});

test("a disk that became smaller is compared with the image's again", async () => {
  const applied = { ...stackRecord(), ami_kind: "gpu" as const, disk_gb: 150 };
  const checked: string[] = [];
  await desired({ applied, type: "g6.xlarge", disk: 60, checked });
  expect(checked).toEqual(["ami-1 amd64 60"]);
});

test("a new listener sends all traffic to the serving colour", async () => {
  expect(await colourOfNewListener("green")).toBe("green");
  expect(await colourOfNewListener("blue")).toBe("blue");
});

test("the hash that up and release compare does not depend on the serving colour", async () => {
  const blue = await desired({ serving: "blue", applied: stackRecord() });
  const green = await desired({ serving: "green", applied: stackRecord() });
  expect(green.hash).toBe(blue.hash);
});

test("without a listener, the last good release names the colour, and destroy still works", async () => {
  expect(await colourOfNewListener(undefined, "green")).toBe("green");
  expect(await colourOfNewListener(undefined)).toBe("blue");
});

test("a new stack gets zones with the instance type, and keeps them when AWS offers others", async () => {
  expect(await desired({})).toMatchObject({ zones: ["eu-west-1b", "eu-west-1c"] });
  const applied = { ...stackRecord(), zones: ["eu-west-1c", "eu-west-1a"] };
  const { zones, files } = await desired({ applied });
  expect(zones).toEqual(["eu-west-1c", "eu-west-1a"]);
  expect(JSON.parse(files.get("terraform.tfvars.json") ?? "{}")).toMatchObject({ zones });
});

test("a stack whose record has no zones yet is in the first ones by name", async () => {
  const { zones: _, ...applied } = stackRecord();
  expect(await desired({ applied })).toMatchObject({ zones: ["eu-west-1a", "eu-west-1b"] });
});

test("instances may read the model in S3 that the configuration names, and those before", async () => {
  const model = "{}\nmodel: { source: s3://models/minilm/v2 }";
  const applied = { ...stackRecord(), models: ["models/minilm/v1"] };
  const next = await desired({ applied, secrets: model });
  expect(next.models).toEqual(["models/minilm/v1", "models/minilm/v2"]);
  const variables = JSON.parse(next.files.get("terraform.tfvars.json") ?? "{}") as object;
  expect(variables).toMatchObject({ models: next.models });
  expect((await desired({ secrets: "{}\nmodel: { source: hf://a/b }" })).models).toEqual([]);
});

test("instances may read the secrets that the configuration names, and those that it named before", async () => {
  expect(secretsOf(await desired({ secrets: "{ B: file, A: env }" }))).toEqual(["A", "B"]);
  const applied = { ...stackRecord(), secrets: ["B"] };
  const kept = await desired({ applied, secrets: "{ C: file }" });
  expect(secretsOf(kept)).toEqual(["B", "C"]);
  expect(kept.secrets).toEqual(["B", "C"]);
  // So that a name that leaves is no change of the infrastructure, but a new one is.
  const before = await desired({ applied, secrets: "{ B: file }" });
  expect((await desired({ applied })).hash).toBe(before.hash);
  expect(kept.hash).not.toBe(before.hash);
});

interface Case {
  /** The colour by the listener; undefined when it is gone. */
  readonly serving?: Colour | undefined;
  readonly applied?: ReturnType<typeof stackRecord>;
  readonly type?: string;
  readonly refreshAmi?: boolean;
  readonly lastColour?: Colour | undefined;
  /** Of the configuration. */
  readonly secrets?: string;
  /** The key instances.machine_image. */
  readonly own?: string;
  /** The key instances.disk. */
  readonly disk?: number;
  readonly checked?: string[];
}

test("a machine image that the configuration names is looked at once, and no refresh replaces it", async () => {
  const own = "ami-0123456789abcdef0";
  const checked: string[] = [];
  const first = await desired({ serving: undefined, own, checked, refreshAmi: true });
  expect(first.amiId).toBe(own);
  expect(checked).toEqual([`${own} amd64 30`]);
  const applied = { ...stackRecord(), ami_id: own };
  const next = await desired({ serving: "blue", own, checked, applied });
  expect(next.amiId).toBe(own);
  expect(checked).toHaveLength(1);
});

async function desired({
  serving,
  applied,
  type = "t3.small",
  refreshAmi = false,
  lastColour,
  secrets = "{}",
  own,
  disk,
  checked = [],
}: Case) {
  const image = own === undefined ? "" : `, machine_image: ${own}`;
  const size = disk === undefined ? "" : `, disk: ${disk}`;
  const text = `name: app\nregion: eu-west-1\ninstances: { type: ${type}${image}${size} }\nsecrets: ${secrets}\n`;
  const parsed = parseConfig({ text, file: "infer-deploy.yml", overrides: {} });
  if (!("config" in parsed)) {
    throw new Error("the configuration of the test is wrong");
  }
  const sources = {
    config: parsed.config,
    account: "123456789012",
    stateFolder: "/state",
    newestImage: async (architecture: Architecture, kind: ImageKind) => newest[kind][architecture],
    checkMachineImage: async ({ id, architecture, diskGb }: MachineImage) => {
      checked.push(`${id} ${architecture} ${diskGb}`);
    },
    zones: async () => [
      { name: "eu-west-1c", id: "euw1-az1", offered: 1 },
      { name: "eu-west-1a", id: "euw1-az2", offered: 0 },
      { name: "eu-west-1b", id: "euw1-az3", offered: 1 },
    ],
    keyGroup: async () => undefined,
    loginEndpoints: async () => loginEndpoints,
    servingColour: async () => serving,
  };
  return resolveDesired(sources, applied, { refreshAmi, lastColour });
}

function secretsOf({ files }: Awaited<ReturnType<typeof desired>>): unknown {
  const variables = JSON.parse(files.get("terraform.tfvars.json") ?? "{}") as object;
  return "secret_names" in variables ? variables.secret_names : undefined;
}

async function colourOfNewListener(
  serving: Colour | undefined,
  lastColour?: Colour,
): Promise<string> {
  const { files } = await desired({ serving, applied: stackRecord(), lastColour });
  const variables = JSON.parse(files.get("terraform.tfvars.json") ?? "{}") as {
    readonly initial_colour?: string;
  };
  return variables.initial_colour ?? "blue";
}
