import { expect, test } from "vitest";
import { findLostResources, readApplyLog } from "./apply-log.ts";

function said(type: string, addr: string, action: string, id = ""): string {
  const hook = { resource: { addr }, action, ...(id === "" ? {} : { id_key: "id", id_value: id }) };
  return JSON.stringify({ type, hook, "@timestamp": "2026-11-23T14:56:52.000Z" });
}

const log = [
  said("apply_start", "aws_vpc.saved", "create"),
  said("apply_complete", "aws_vpc.saved", "create", "vpc-1"),
  said("apply_complete", "aws_vpc.lost", "create", "vpc-2"),
  said("apply_complete", "aws_eip.replaced", "delete", "eip-1"),
  said("apply_complete", "aws_eip.replaced", "create", "eip-2"),
  said("apply_complete", "aws_eip.gone", "create", "eip-3"),
  said("apply_complete", "aws_eip.gone", "delete", "eip-3"),
  said("apply_complete", "aws_lb.changed", "update", "lb-1"),
  said("apply_start", "aws_lb.half", "create"),
].join("\n");

const saved = {
  serial: 3,
  lineage: "l1",
  resources: new Map([
    ["aws_vpc.saved", "vpc-1"],
    ["aws_eip.replaced", "eip-1"],
    ["aws_lb.changed", "lb-1"],
  ]),
};

test("what was made, and what was deleted", () => {
  const { made, deleted } = readApplyLog(log);
  expect(Object.fromEntries(made)).toEqual({
    "aws_vpc.saved": "vpc-1",
    "aws_vpc.lost": "vpc-2",
    "aws_eip.replaced": "eip-2",
    "aws_lb.half": "",
  });
  expect([...deleted]).toEqual(["aws_eip.replaced", "aws_eip.gone"]);
});

test("what was made and is not saved", () => {
  expect(findLostResources(readApplyLog(log), saved)).toEqual([
    "aws_vpc.lost (vpc-2)",
    "aws_eip.replaced (eip-2)",
    "aws_lb.half (was being created)",
  ]);
});

test("nothing was saved, or nothing was said", () => {
  expect(findLostResources(readApplyLog(log), undefined)).toContain("aws_vpc.saved (vpc-1)");
  expect(findLostResources(readApplyLog(""), saved)).toEqual([]);
});
