import { expect, test } from "vitest";
import { readActions, readConditions } from "./listener-rules.ts";

test("forward in its long and its short form", () => {
  const long = {
    Type: "forward" as const,
    ForwardConfig: { TargetGroups: [{ TargetGroupArn: "a", Weight: 3 }, { TargetGroupArn: "b" }] },
  };
  expect(readActions([long])).toEqual([
    {
      type: "forward",
      groups: [
        { arn: "a", weight: 3 },
        { arn: "b", weight: 1 },
      ],
    },
  ]);
  expect(readActions([{ Type: "forward", TargetGroupArn: "a" }])).toEqual([
    { type: "forward", groups: [{ arn: "a", weight: 1 }] },
  ]);
});

test("actions come in order, and actions that authenticate are left out", () => {
  const actions = [
    {
      Type: "fixed-response" as const,
      Order: 2,
      FixedResponseConfig: { StatusCode: "404", MessageBody: "no" },
    },
    { Type: "authenticate-oidc" as const, Order: 1 },
  ];
  expect(readActions(actions)).toEqual([
    { type: "fixed-response", status: 404, contentType: "text/plain", body: "no" },
  ]);
});

test("a redirect takes its missing parts from the request", () => {
  const action = {
    Type: "redirect" as const,
    RedirectConfig: { StatusCode: "HTTP_301" as const, Protocol: "HTTPS", Port: "443" },
  };
  expect(readActions([action])).toEqual([
    {
      type: "redirect",
      status: 301,
      protocol: "HTTPS",
      host: "#{host}",
      port: "443",
      path: "/#{path}",
      query: "#{query}",
    },
  ]);
});

test("conditions in their new and their old form", () => {
  expect(
    readConditions([{ Field: "path-pattern", PathPatternConfig: { Values: ["/a"] } }]),
  ).toEqual([{ field: "path-pattern", values: ["/a"] }]);
  expect(readConditions([{ Field: "path-pattern", Values: ["/a"] }])).toEqual([
    { field: "path-pattern", values: ["/a"] },
  ]);
  expect(
    readConditions([
      { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x", Values: ["1"] } },
    ]),
  ).toEqual([{ field: "http-header", name: "x", values: ["1"] }]);
});

test("a rule with an unknown kind of condition never applies", () => {
  expect(readConditions([{ Field: "moon-phase", Values: ["full"] }])).toEqual([{ field: "never" }]);
});
