import { BucketLocationConstraint } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { regions } from "./regions.ts";

test("every region that the SDK knows for buckets can be used, but those of other partitions", () => {
  // us-east-1 is S3's default and has no constraint; EU is the old name of eu-west-1; the others are not in this version.
  const known = Object.values(BucketLocationConstraint).filter(
    (region) => region !== "EU" && !/^(?:cn|eusc)-/.test(region),
  );
  expect(known.length).toBeGreaterThan(30);
  expect(regions).toEqual(expect.arrayContaining([...known, "us-east-1"]));
});

test("the list is sorted and has each region once", () => {
  expect([...regions]).toEqual([...new Set(regions)].toSorted());
});
