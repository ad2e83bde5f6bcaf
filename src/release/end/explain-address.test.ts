import { expect, test } from "vitest";
import type { Ending } from "../strategy/machine.ts";
import { explainAddress } from "./explain-address.ts";

const ending = (detail: string): Ending => ({
  outcome: "timed-out",
  stuck: false,
  failure: { cause: "the address does not answer", where: "address", detail: [detail] },
});
const trouble = { cause: "its certificate is waiting", next: "wait" };
const known = { door: { trouble: async () => trouble } };

test("an address without an answer gets what the door knows", async () => {
  const { failure } = await explainAddress(known, ending("GET /: ERR_SSL_TLSV1_ALERT"));
  expect(failure).toMatchObject({
    cause: "the address does not answer, because its certificate is waiting",
    next: "wait",
  });
});

test("an answer of the app is not the door's trouble", async () => {
  const end = ending("GET / answered 500");
  expect(await explainAddress(known, end)).toBe(end);
});

test.each([
  ["a load balancer", {}],
  ["a door without trouble", { trouble: async () => undefined }],
  [
    "a door that cannot be asked",
    {
      trouble: async () => {
        throw new Error("AccessDenied");
      },
    },
  ],
])("%s leaves the ending as it is", async (_, door) => {
  const end = ending("GET /: ECONNREFUSED");
  expect(await explainAddress({ door }, end)).toBe(end);
});
