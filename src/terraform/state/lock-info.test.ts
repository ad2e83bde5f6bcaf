import { expect, test } from "vitest";
import { operationName, parseLockInfo } from "./lock-info.ts";

const detail = `Error message: operation error S3: PutObject, https response error StatusCode: 412, RequestID: AJZ, HostID: 9Gj=, api error PreconditionFailed: At least one of the pre-conditions you specified did not hold
Lock Info:
  ID:        99f525e4-f3cb-f59b-b9f8-ae66ca090369
  Path:      infer-deploy-test/x/terraform.tfstate
  Operation: OperationTypeApply
  Who:       ada@laptop
  Version:   1.11.4
  Created:   2026-11-23 15:05:08.1805296 +0000 UTC
  Info:      

Terraform acquires a state lock to protect the state from being written
by multiple users at the same time.`;

test("reads the holder", () => {
  expect(parseLockInfo(detail)).toEqual({
    id: "99f525e4-f3cb-f59b-b9f8-ae66ca090369",
    operation: "OperationTypeApply",
    who: "ada@laptop",
    created: "2026-11-23T15:05:08Z",
  });
});

test("an empty field does not take the next line's value", () => {
  expect(parseLockInfo("Lock Info:\n  ID: x\n  Who:  \n  Version: 1\n")).toEqual({
    id: "x",
    operation: "",
    who: "",
    created: "",
  });
});

test("another error is no lock", () => {
  expect(parseLockInfo("Error acquiring the state lock: AccessDenied")).toBeUndefined();
  expect(parseLockInfo("Lock Info:\n")).toBeUndefined();
});

test("operations have a word", () => {
  expect(operationName("OperationTypeApply")).toBe("apply");
  expect(operationName("")).toBe("run");
});
