import { expect, test } from "vitest";
import { parseChallenge } from "./challenge.ts";

test.each([
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"',
    { scheme: "bearer", realm: "https://auth.docker.io/token", service: "registry.docker.io" },
  ],
  ['bearer realm="http://127.0.0.1/t"', { scheme: "bearer", realm: "http://127.0.0.1/t" }],
  ['Basic realm="https://1.dkr.ecr.eu-west-1.amazonaws.com/"', { scheme: "basic" }],
  ["Negotiate", undefined],
  ['Bearer realm="not a URL"', undefined],
  [null, undefined],
])("%s", (header, challenge) => {
  expect(parseChallenge(header)).toEqual(challenge);
});
