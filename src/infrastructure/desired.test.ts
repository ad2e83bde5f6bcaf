import { expect, test } from "vitest";
import { fakeRegion, type FakeRegion } from "../../test/_helpers/fake-region.ts";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { parseConfig } from "../config/parse.ts";
import { resolveDesired } from "./desired.ts";

const images = {
  "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id": "ami-aaa",
  "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id": "ami-bbb",
};

test("the machine image stays the one that was applied, until a newer one is asked for", async () => {
  const applied = { ...stackRecord(), ami_architecture: "amd64" as const };
  expect(await desired({ applied })).toMatchObject({ amiId: "ami-1" });
  expect(await desired({ applied, refreshAmi: true })).toMatchObject({ amiId: "ami-aaa" });
});

test("another processor takes an image that starts on it, and back again", async () => {
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

test("a listener that is made anew sends everything to the colour that serves", async () => {
  const region = fakeRegion();
  region.weights = { blue: 0, green: 100 };
  expect(await colourOfNewListener(region)).toBe("green");
  region.weights = { blue: 100, green: 0 };
  expect(await colourOfNewListener(region)).toBe("blue");
});

test("the hash that up and release compare is the same whichever colour serves", async () => {
  const region = fakeRegion();
  const blue = await desired({ region, applied: stackRecord() });
  region.weights = { blue: 0, green: 100 };
  const green = await desired({ region, applied: stackRecord() });
  expect(green.hash).toBe(blue.hash);
});

test("where the listener is gone, the last good release tells the colour, and nothing stands in the way of destroy", async () => {
  const region = fakeRegion();
  region.weights = null;
  expect(await colourOfNewListener(region, "green")).toBe("green");
  expect(await colourOfNewListener(region)).toBe("blue");
});

interface Case {
  readonly region?: FakeRegion;
  readonly applied?: ReturnType<typeof stackRecord>;
  readonly type?: string;
  readonly refreshAmi?: boolean;
  readonly lastColour?: "blue" | "green" | undefined;
}

async function desired({
  region = fakeRegion(),
  applied,
  type = "t3.small",
  refreshAmi = false,
  lastColour,
}: Case) {
  Object.assign(region.images, images);
  const text = `name: app\nregion: eu-west-1\ninstances: { type: ${type} }\n`;
  const parsed = parseConfig({ text, file: "infer-deploy.yml", overrides: {} });
  if (!("config" in parsed)) {
    throw new Error("the configuration of the test is wrong");
  }
  const target = {
    config: parsed.config,
    aws: region.aws,
    identity: { account: "123456789012", arn: "arn:aws:iam::123456789012:user/ada" },
    bucket: "infer-deploy-123456789012-eu-west-1",
    stateFolder: "/state",
  };
  return resolveDesired(target, applied, { refreshAmi, lastColour });
}

async function colourOfNewListener(
  region: FakeRegion,
  lastColour?: "blue" | "green",
): Promise<string> {
  const { files } = await desired({ region, applied: stackRecord(), lastColour });
  const variables = JSON.parse(files.get("terraform.tfvars.json") ?? "{}") as {
    readonly initial_colour?: string;
  };
  return variables.initial_colour ?? "blue";
}
