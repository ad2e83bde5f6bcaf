import { expect, test } from "vitest";
import { wantedLogin } from "../../../test/_helpers/infrastructure-world.ts";
import { snapshot, stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { statusText } from "./status-text.ts";
import { statusDocument } from "./status.ts";

test.each([
  [
    ["128.0.0.0/1", "0.0.0.0/1"],
    "  open to   THE WORLD: with a load balancer, network.allow names the ranges that may send requests\n",
  ],
  [
    ["0.0.0.0/0"],
    "  open to   THE WORLD: with a load balancer, network.allow names the ranges that may send requests\n",
  ],
  [["192.0.2.0/24", "198.51.100.0/24"], "  open to   192.0.2.0/24, 198.51.100.0/24\n"],
])("an address that %j may ask says so", (allow, line) => {
  const document = statusDocument({ ...stackRecord(), allow }, snapshot());
  expect(document.open_to).toEqual(allow);
  expect(statusText(document, new Date())).toContain(line);
});

test.each([
  [{ allow: ["0.0.0.0/0"] }, "  open to   requests with an API key\n"],
  [{ allow: ["192.0.2.0/24"] }, "  open to   requests with an API key from 192.0.2.0/24\n"],
  [{ internal: true }, "  open to   requests with an API key\n"],
])("an address with API keys is not open to the world: %j", (facts, line) => {
  const document = statusDocument({ ...stackRecord(), ...facts, key_group: "arn" }, snapshot());
  expect(document.auth).toBe("keys");
  expect(statusText(document, new Date())).toContain(line);
});

test.each([
  [{ allow: ["0.0.0.0/0"] }, "  open to   login required (https://login.example.com)\n"],
  [
    { allow: ["192.0.2.0/24"] },
    "  open to   login required (https://login.example.com) from 192.0.2.0/24\n",
  ],
  [{ internal: true }, "  open to   login required (https://login.example.com)\n"],
])("an address with a login is not open to the world: %j", (facts, line) => {
  const login = { ...wantedLogin, listener_arn: "arn" };
  const document = statusDocument({ ...stackRecord(), ...facts, login }, snapshot());
  expect(document).toMatchObject({ auth: "oidc", issuer: "https://login.example.com" });
  expect(statusText(document, new Date())).toContain(line);
});

test("an answer without the login says how to close the door", () => {
  const detail = "GET / answered 200 without a login: the door is open";
  const login = { ...wantedLogin, listener_arn: "arn" };
  const address = { answered: false, version: null, detail };
  const document = statusDocument({ ...stackRecord(), login }, snapshot({ address }));
  expect(document.address).toBe(`${detail}; infer-deploy up --refresh sets the login again`);
});

test("an answer of 401 names the keys where the address has some", () => {
  const address = { answered: false, version: null, detail: "GET / answered 401" };
  const of = (facts: object) =>
    statusDocument({ ...stackRecord(), ...facts }, snapshot({ address })).address;
  expect(of({ key_group: "arn" })).toContain("infer-deploy keys list");
  expect(of({})).toBe("GET / answered 401");
});

test.each([
  ["a private address", { internal: true, allow: ["0.0.0.0/0"] }],
  ["a stack whose record does not note the ranges", {}],
])("of %s the screen does not say who may send requests", (_, facts) => {
  const document = statusDocument({ ...stackRecord(), ...facts }, snapshot());
  expect(document.open_to).toBeNull();
  expect(statusText(document, new Date())).not.toContain("open to");
});
