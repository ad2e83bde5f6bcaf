import fc from "fast-check";
import { expect, test } from "vitest";
import { parseEvent, readDiagnostic } from "./terraform-events.ts";

/** A line as terraform writes it, less its noise. */
function line(fields: object): string {
  return JSON.stringify({
    "@level": "info",
    "@message": "m",
    "@timestamp": "2026-11-23T14:56:52.000Z",
    ...fields,
  });
}

const at = Date.parse("2026-11-23T14:56:52.000Z");
const resource = { addr: "module.network.aws_vpc.this", resource_type: "aws_vpc" };

test("version, of terraform and of tofu", () => {
  expect(parseEvent(line({ type: "version", terraform: "1.11.4", ui: "1.2" }))).toEqual({
    type: "version",
    product: "terraform",
    version: "1.11.4",
  });
  expect(parseEvent(line({ type: "version", tofu: "1.10.2", ui: "1.2" }))).toEqual({
    type: "version",
    product: "tofu",
    version: "1.10.2",
  });
});

test("planned change, with the reason of a replacement and the address it had before", () => {
  const change = {
    resource,
    previous_resource: { addr: "aws_vpc.old" },
    action: "replace",
    reason: "cannot_update",
  };
  expect(parseEvent(line({ type: "planned_change", change }))).toEqual({
    type: "planned_change",
    change: {
      address: resource.addr,
      resourceType: "aws_vpc",
      action: "replace",
      reason: "cannot_update",
      previousAddress: "aws_vpc.old",
    },
  });
  expect(
    parseEvent(line({ type: "resource_drift", change: { resource, action: "update" } })),
  ).toEqual({
    type: "resource_drift",
    change: { address: resource.addr, resourceType: "aws_vpc", action: "update" },
  });
});

test("an apply, step by step", () => {
  const hook = { resource, action: "create", elapsed_seconds: 10 };
  expect(parseEvent(line({ type: "apply_start", hook }))).toEqual({
    type: "apply_start",
    address: resource.addr,
    action: "create",
    at,
  });
  for (const type of ["apply_progress", "apply_complete", "apply_errored"]) {
    expect(parseEvent(line({ type, hook }))).toEqual({
      type,
      address: resource.addr,
      action: "create",
      elapsedSeconds: 10,
      at,
    });
  }
});

test("a resource that was made has AWS's id", () => {
  const hook = { resource, action: "create", id_key: "id", id_value: "vpc-1", elapsed_seconds: 2 };
  expect(parseEvent(line({ type: "apply_complete", hook }))).toMatchObject({ id: "vpc-1" });
});

test("change summary and outputs", () => {
  const changes = { add: 3, change: 2, import: 0, remove: 1, operation: "apply" };
  expect(parseEvent(line({ type: "change_summary", changes }))).toEqual({
    type: "change_summary",
    operation: "apply",
    summary: { add: 3, change: 2, remove: 1 },
  });
  const outputs = {
    url: { sensitive: false, type: "string", value: "http://a" },
    key: { sensitive: true, action: "create" },
  };
  expect(parseEvent(line({ type: "outputs", outputs }))).toEqual({
    type: "outputs",
    outputs: {
      url: { sensitive: false, value: "http://a" },
      key: { sensitive: true, action: "create" },
    },
  });
});

test("a diagnostic has its address and its file and line", () => {
  const diagnostic = {
    severity: "error",
    summary: "Unsupported argument",
    detail: 'An argument named "inpu" is not expected here.\n',
    address: "terraform_data.r",
    range: { filename: "main.tf", start: { line: 2, column: 3 }, end: { line: 2, column: 7 } },
  };
  const expected = {
    severity: "error",
    summary: "Unsupported argument",
    detail: 'An argument named "inpu" is not expected here.',
    address: "terraform_data.r",
    position: "main.tf:2",
  };
  expect(parseEvent(line({ "@level": "error", type: "diagnostic", diagnostic }))).toEqual({
    type: "diagnostic",
    diagnostic: expected,
  });
  expect(readDiagnostic({ severity: "warning", summary: "Deprecated", detail: "" })).toEqual({
    severity: "warning",
    summary: "Deprecated",
    detail: "",
  });
});

test("what is not known becomes a log event", () => {
  expect(parseEvent(line({ type: "invented_in_2030", "@message": "hello" }))).toEqual({
    type: "log",
    level: "info",
    text: "hello",
  });
  expect(parseEvent("\u001b[31mpanic: runtime error\u001b[0m")).toEqual({
    type: "log",
    level: "text",
    text: "panic: runtime error",
  });
  expect(parseEvent('{"type":"apply_start"')).toEqual({
    type: "log",
    level: "text",
    text: '{"type":"apply_start"',
  });
  expect(parseEvent("  ")).toBeUndefined();
});

test("no line breaks the reader", () => {
  fc.assert(fc.property(fc.string(), (text) => void parseEvent(text)));
  fc.assert(
    fc.property(
      fc.constantFrom(
        "version",
        "planned_change",
        "apply_start",
        "outputs",
        "diagnostic",
        "change_summary",
      ),
      fc.json(),
      (type, json) => {
        const odd: unknown = JSON.parse(json);
        const event = parseEvent(
          line({ type, hook: odd, change: odd, outputs: odd, diagnostic: odd, changes: odd }),
        );
        expect(event?.type).toBe(type);
      },
    ),
  );
});
