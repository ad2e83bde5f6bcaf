import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { release, stackRecord } from "./rollout-values.ts";

/** Answers over HTTP what `status` and `releases` ask about the stack of `stackRecord()`, in which nothing runs. */
export interface FakeAws {
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => void;
}

export async function startFakeAws(releases: number): Promise<FakeAws> {
  const stack = stackRecord();
  const { account } = stack;
  const numbers = Array.from({ length: releases }, (_, index) => index + 1);
  const keyOf = (number: number) => `releases/${String(number).padStart(4, "0")}.json`;
  const objects = new Map<string, unknown>([
    ...numbers.map((number): [string, unknown] => [keyOf(number), release({ release: number })]),
  ]);
  const prefix = "app/production/";
  const results: Readonly<Record<string, string>> = {
    GetCallerIdentity: `<Account>${account}</Account><Arn>arn:aws:iam::${account}:user/ada</Arn><UserId>A</UserId>`,
    DescribeListeners: `<Listeners><member><DefaultActions><member><Type>forward</Type><TargetGroupArn>${stack.outputs.target_group_arns.blue}</TargetGroupArn></member></DefaultActions></member></Listeners>`,
    DescribeTargetHealth: "<TargetHealthDescriptions/>",
    DescribeAutoScalingGroups: "<AutoScalingGroups/>",
  };
  const server = createServer((request, answer) => {
    void text(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://aws");
      if (request.headers["x-amz-target"]?.toString().endsWith(".DescribeAlarms")) {
        answer.end("{}");
        return;
      }
      const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
      if (action !== undefined) {
        answer.setHeader("content-type", "text/xml");
        answer.end(
          `<${action}Response><${action}Result>${results[action]}</${action}Result></${action}Response>`,
        );
        return;
      }
      const key = url.pathname.split(`/${prefix}`)[1];
      if (url.searchParams.has("list-type")) {
        const asked = url.searchParams.get("prefix") ?? "";
        const keys = [...objects.keys()].map((one) => prefix + one);
        const found = keys.filter((one) => one.startsWith(asked));
        answer.end(
          `<ListBucketResult>${found.map((one) => `<Contents><Key>${one}</Key></Contents>`).join("")}</ListBucketResult>`,
        );
        return;
      }
      const value = objects.get(key ?? "");
      if (value === undefined) {
        answer.statusCode = 404;
        answer.end("<Error><Code>NoSuchKey</Code></Error>");
        return;
      }
      answer.setHeader("etag", '"1"').end(JSON.stringify(value));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  objects.set("stack.json", { ...stack, outputs: { ...stack.outputs, url: here } });
  return {
    env: {
      AWS_ENDPOINT_URL: here,
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "1",
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
