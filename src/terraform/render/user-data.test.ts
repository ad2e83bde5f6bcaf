import { expect, test } from "vitest";
import { bundleFiles, bundleUserData } from "../../../test/_helpers/instance-bundle.ts";
import { parameters } from "../../../test/_helpers/instance-seed.ts";

test("the user-data fits EC2's 16 KB, even with the longest names and all metrics", async () => {
  const text = (length: number): string =>
    Array.from({ length }, () => Math.floor(Math.random() * 26 + 10).toString(36)).join("");
  const [name, environment, region] = [text(32), text(15), "ap-southeast-1"];
  const path = `/infer-deploy/${name}/${environment}`;
  const longest = {
    ...parameters,
    name,
    environment,
    region,
    pointer: `${path}/green/release`,
    bucket: `infer-deploy-123456789012-${region}-an`,
    prefix: `${name}/${environment}`,
    log_group: `${path}/app`,
    boot_log_group: `${path}/boot`,
    metrics: {
      log_group: `${path}/metrics`,
      namespace: "InferDeploy",
      instances: true,
      path: `/${text(50)}`,
      series: Array.from({ length: 5 }, () => text(40)),
    },
  };
  const { reference } = await bundleFiles("fleet", longest.prefix);
  const userData = await bundleUserData("fleet", { ...longest, bundle: reference });
  // Terraform's gzip is a little larger than Node's.
  expect(userData.length).toBeLessThan(16 * 1024 - 100);
});
