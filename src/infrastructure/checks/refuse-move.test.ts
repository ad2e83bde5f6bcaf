import { expect, test } from "vitest";
import { refuseMove } from "./refuse-move.ts";

test("an address stays private or public; a new stack has the choice", () => {
  expect(() => refuseMove({ network: { internal: true, vpc: null } }, undefined)).not.toThrow();
  expect(() =>
    refuseMove({ network: { internal: true, vpc: null } }, { internal: true }),
  ).not.toThrow();
  // The first versions had only public ones, and did not write that down.
  expect(() => refuseMove({ network: { internal: false, vpc: null } }, {})).not.toThrow();
  expect(() => refuseMove({ network: { internal: true, vpc: null } }, {})).toThrow(
    expect.objectContaining({
      exitCode: 64,
      where: "network.internal: true in infer-deploy.yml",
      next: "set network.internal to false, or use another environment",
    }),
  );
  expect(() => refuseMove({ network: { internal: false, vpc: null } }, { internal: true })).toThrow(
    /cannot become/,
  );
});

test("a stack stays in its VPC; its subnets there may change", () => {
  const vpc = { id: "vpc-1", loadBalancerSubnets: ["subnet-1"], instanceSubnets: ["subnet-2"] };
  const here = { network: { internal: false, vpc } };
  expect(() => refuseMove(here, undefined)).not.toThrow();
  expect(() => refuseMove(here, { vpc: "vpc-1" })).not.toThrow();
  expect(() => refuseMove(here, {})).toThrow(
    expect.objectContaining({
      exitCode: 64,
      where: "network.vpc.id: vpc-1 in infer-deploy.yml",
      next: "remove network.vpc, or use another environment",
    }),
  );
  expect(() => refuseMove({ network: { internal: false, vpc: null } }, { vpc: "vpc-1" })).toThrow(
    expect.objectContaining({
      where: "no network.vpc in infer-deploy.yml",
      next: "set network.vpc.id to vpc-1, or use another environment",
    }),
  );
  expect(() => refuseMove(here, { vpc: "vpc-2" })).toThrow(/cannot move to another VPC/);
});

test("a stack keeps CloudFront's address, or the load balancer's", () => {
  const network = { internal: false, vpc: null };
  expect(() => refuseMove({ https: "cloudfront", network }, undefined)).not.toThrow();
  expect(() => refuseMove({ https: "cloudfront", network }, { cloudfront: true })).not.toThrow();
  expect(() => refuseMove({ https: "cloudfront", network }, {})).toThrow(
    expect.objectContaining({
      exitCode: 64,
      where: "https: cloudfront in infer-deploy.yml",
      next: "remove https, or use another environment",
    }),
  );
  expect(() => refuseMove({ https: null, network }, { cloudfront: true })).toThrow(
    expect.objectContaining({ next: "set https to cloudfront, or use another environment" }),
  );
});
