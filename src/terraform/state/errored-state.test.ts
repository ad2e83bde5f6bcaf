import { expect, test } from "vitest";
import { judgeErroredState, readState } from "./errored-state.ts";
import type { StateFacts } from "./errored-state.ts";

function state(
  serial: number,
  resources: Readonly<Record<string, string>> = {},
  lineage = "l1",
): StateFacts {
  return { serial, lineage, resources: new Map(Object.entries(resources)) };
}

test("reads serial, lineage and the address of every managed instance", () => {
  const text = JSON.stringify({
    version: 4,
    serial: 7,
    lineage: "l1",
    resources: [
      {
        mode: "managed",
        type: "aws_vpc",
        name: "this",
        module: "module.network",
        instances: [{ attributes: { id: "vpc-1" } }],
      },
      {
        mode: "managed",
        type: "aws_subnet",
        name: "public",
        instances: [
          { index_key: "a", attributes: { id: "s-1" } },
          { index_key: 0, attributes: {} },
        ],
      },
      { mode: "data", type: "aws_ami", name: "x", instances: [{ attributes: { id: "ami-1" } }] },
    ],
  });
  expect(readState(text)).toEqual(
    state(7, {
      "module.network.aws_vpc.this": "vpc-1",
      'aws_subnet.public["a"]': "s-1",
      "aws_subnet.public[0]": "",
    }),
  );
});

test("nothing saved is no state, a damaged file is an error", () => {
  expect(readState(" \n")).toBeUndefined();
  expect(readState('{"version":4,"serial":0,"lineage":"","resources":[]}')).toBeUndefined();
  expect(() => readState("{")).toThrow(SyntaxError);
  expect(() => readState('{"serial":1}')).toThrow(SyntaxError);
});

test("newer than what is saved, or nothing saved: push", () => {
  expect(judgeErroredState(state(8, { a: "1", b: "2" }), state(7, { a: "1" }))).toEqual({
    kind: "push",
  });
  expect(judgeErroredState(state(1), undefined)).toEqual({ kind: "push" });
});

test("what the apply deleted, replaced or moved does not stand in the way", () => {
  const saved = state(7, { deleted: "1", replaced: "2", old: "3", unnamed: "" });
  const errored = state(9, { replaced: "4", moved: "3", unnamed: "" });
  const kind = judgeErroredState(errored, saved, new Set(["deleted", "replaced"]));
  expect(kind).toEqual({ kind: "push" });
});

test("another lineage is never pushed", () => {
  expect(judgeErroredState(state(8, {}, "l2"), state(7))).toEqual({ kind: "unrelated" });
});

test("already saved: obsolete", () => {
  expect(judgeErroredState(state(8, { a: "1" }), state(8, { a: "1", b: "2" }))).toEqual({
    kind: "obsolete",
  });
});

test("another run applied in the meantime: forked, whichever has the higher serial", () => {
  const errored = { "aws_vpc.a": "vpc-1", "aws_vpc.b": "vpc-2", "aws_vpc.c": "" };
  const saved = { "aws_vpc.a": "vpc-1", "aws_vpc.b": "vpc-9" };
  const verdict = {
    kind: "forked",
    onlyErrored: ["aws_vpc.b (vpc-2)", "aws_vpc.c"],
    onlySaved: ["aws_vpc.b (vpc-9)"],
  };
  expect(judgeErroredState(state(8, errored), state(9, saved))).toEqual(verdict);
  expect(judgeErroredState(state(9, errored), state(8, saved))).toEqual(verdict);
});
