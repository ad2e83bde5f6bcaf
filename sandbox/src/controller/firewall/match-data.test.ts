import { expect, test } from "vitest";
import { MatchBuffer } from "./match-buffer.ts";
import { matchData } from "./match-data.ts";
import { type MatchedRequest, parseMatchLine } from "./match-line.ts";

const block = { rule: "common", metric: "common", action: "BLOCK", inner: "AWS#Common#LFI" };
const count = { rule: "common", metric: "common", action: "COUNT", inner: "AWS#Common#SIZE" };
const request: MatchedRequest = {
  at: 1000,
  acl: "arn",
  action: "BLOCK",
  matches: [count, block],
  client: "10.0.0.9",
  method: "GET",
  uri: "/",
  args: "",
  version: "1.1",
  headers: [],
};
const names = new Map([["arn", "acl"]]);

test("requests are counted for their rule and for all rules, blocked and counted apart", () => {
  const data = matchData([request, { ...request, at: 2000, matches: [block] }], "eu-west-1", names);
  const found = data.map(
    ({ MetricName, Dimensions, Value }) =>
      `${MetricName} ${Dimensions.map(({ Value: of }) => of).join(" ")} ${Value}`,
  );
  expect(new Set(found)).toEqual(
    new Set([
      "BlockedRequests eu-west-1 ALL acl 2",
      "BlockedRequests eu-west-1 common acl 2",
      "CountedRequests eu-west-1 ALL acl 1",
      "CountedRequests eu-west-1 common acl 1",
    ]),
  );
  expect(data[0]?.Timestamp).toEqual(new Date(2000));
});

test("two matches of one rule are one request", () => {
  const data = matchData([{ ...request, matches: [count, count] }], "eu-west-1", names);
  expect(data.map(({ Value }) => Value)).toEqual([1, 1]);
});

test("another region's web ACL is left out", () => {
  expect(matchData([{ ...request, acl: "other" }], "eu-west-1", names)).toEqual([]);
});

test("a line of the engine is read, and other output is not", () => {
  expect(parseMatchLine(`waf ${JSON.stringify(request)}`)).toEqual(request);
  expect(parseMatchLine("request 1000.000 listener:a:b:c:d x <NOSRV> 403 -1 1 LR")).toBeUndefined();
  expect(parseMatchLine('waf {"at":10')).toBeUndefined();
});

test("what is reported waits no more, and what came meanwhile waits on", () => {
  const buffer = new MatchBuffer(2);
  buffer.add({ ...request, at: 1 });
  const first = buffer.waiting();
  buffer.add({ ...request, at: 2 });
  buffer.reported(first);
  expect(buffer.waiting().map(({ at }) => at)).toEqual([2]);
  for (const at of [3, 4]) buffer.add({ ...request, at });
  expect(buffer.waiting().map(({ at }) => at)).toEqual([3, 4]);
});
