import { expect, test } from "vitest";
import { parseLogLine } from "./log-line.ts";

const frontend = "listener:app:web:50dc6c495c0c9188:f2f7dc8efc522ab2";
const group = "targetgroup:blue:73e2d6bc24d8a067";

test("an answer from a target", () => {
  expect(parseLogLine(`request 1000.250 ${frontend} ${group} i-1.8080 200 40 250 --`)).toEqual({
    at: 1000.5,
    loadBalancer: "app/web/50dc6c495c0c9188",
    targetGroup: "targetgroup/blue/73e2d6bc24d8a067",
    status: 200,
    routed: true,
    fromTarget: true,
    targetSeconds: 0.04,
    connectFailed: false,
  });
});

test("a client that disconnected after the target had answered", () => {
  expect(
    parseLogLine(`request 1000.000 ${frontend} ${group} i-1.8080 200 40 250 CD`),
  ).toMatchObject({ fromTarget: true });
});

test.each([
  ["there is no target", `${group} <NOSRV> 503 -1 0 SC`],
  ["no target can be reached", `${group} i-1.8080 503 -1 3004 SC`],
  ["the target does not answer in time", `${group} i-1.8080 504 -1 60000 sH`],
  ["a rule answers", `${frontend} <NOSRV> 418 -1 0 LR`],
])("when %s, the load balancer answered", (_, rest) => {
  expect(parseLogLine(`request 1000.000 ${frontend} ${rest}`)).toMatchObject({
    fromTarget: false,
    targetSeconds: null,
  });
});

test.each([
  ["no target can be reached", `${group} i-1.8080 503 -1 3004 SC`, true],
  ["the connection takes too long", `${group} i-1.8080 504 -1 3004 sC`, true],
  ["there is no target", `${group} <NOSRV> 503 -1 0 SC`, false],
  ["the client is gone before that", `${group} i-1.8080 400 -1 3 CC`, false],
  ["the target breaks off", `${group} i-1.8080 502 -1 40 SH`, false],
])("a failed connection: %s", (_, rest, connectFailed) => {
  expect(parseLogLine(`request 1000.000 ${frontend} ${rest}`)).toMatchObject({ connectFailed });
});

test("an answer without a target group has none", () => {
  expect(parseLogLine(`request 1000.000 ${frontend} nowhere <NOSRV> 503 -1 0 SC`)).toMatchObject({
    targetGroup: null,
  });
});

test("other output of the load balancer is not a request", () => {
  expect(
    parseLogLine("Server targetgroup:blue:1/i-1.8080 is DOWN, reason: Layer4 timeout"),
  ).toBeUndefined();
  expect(parseLogLine("")).toBeUndefined();
});
