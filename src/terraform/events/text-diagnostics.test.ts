import { expect, test } from "vitest";
import { parseAwsError } from "../../errors/aws-error.ts";
import { parseLockInfo } from "../state/lock-info.ts";
import { parseTextDiagnostics } from "./text-diagnostics.ts";

const locked = `\u001b[31m╷\u001b[0m
\u001b[31m│\u001b[0m \u001b[1mError: \u001b[0mError acquiring the state lock
│ 
│ Error message: operation error S3: PutObject, https response error
│ StatusCode: 412, RequestID:
│ IixmOObFEFdId, HostID:
│ 9Gjjt1m+cjU4OPvX9O9/8RuvnG4=,
│ api error PreconditionFailed: At least one of the pre-conditions you
│ specified did not hold
│ Lock Info:
│   ID:        99f525e4
│   Operation: OperationTypeApply
│   Who:       root@vm
│   Created:   2026-11-23 15:05:08.1805296 +0000 UTC
│ 
│ Terraform acquires a state lock.
╵
`;

test("a boxed and wrapped error is readable again", () => {
  const [diagnostic, ...others] = parseTextDiagnostics(locked);
  expect(others).toEqual([]);
  expect(diagnostic?.summary).toBe("Error acquiring the state lock");
  expect(parseAwsError(diagnostic?.detail ?? "")).toEqual({
    service: "S3",
    operation: "PutObject",
    code: "PreconditionFailed",
    message: "At least one of the pre-conditions you specified did not hold",
    requestId: "IixmOObFEFdId",
  });
  expect(parseLockInfo(diagnostic?.detail ?? "")).toMatchObject({ id: "99f525e4", who: "root@vm" });
});

test("two errors are two, and a bare sentence is one", () => {
  expect(parseTextDiagnostics("╷\n│ Error: one\n│ \n│ a\n│ b\n╵\n╷\n│ Error: two\n╵\n")).toEqual([
    { severity: "error", summary: "one", detail: "a b" },
    { severity: "error", summary: "two", detail: "" },
  ]);
  expect(
    parseTextDiagnostics(
      '\u001b[31mFailed to write state: cannot import state with lineage "a"\u001b[0m\n',
    ),
  ).toEqual([
    {
      severity: "error",
      summary: 'Failed to write state: cannot import state with lineage "a"',
      detail: "",
    },
  ]);
  expect(parseTextDiagnostics("\n")).toEqual([]);
});
