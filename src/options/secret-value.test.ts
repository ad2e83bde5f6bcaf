import { expect, test } from "vitest";
import { refusalOf } from "../../test/_helpers/refusal.ts";
import { mostSecretBytes, secretValue } from "./secret-value.ts";

const next = "pipe the key in, as in: infer-deploy keys rotate --stdin <FILE";
const bytes = (text: string): Uint8Array => Buffer.from(text);

test.each([
  ["hunter2", "hunter2"],
  ["hunter2\n", "hunter2"],
  ["hunter2\r\n", "hunter2"],
  [" with spaces \n", " with spaces "],
  [
    "-----BEGIN KEY-----\nabc\n-----END KEY-----\n",
    "-----BEGIN KEY-----\nabc\n-----END KEY-----\n",
  ],
  ["two\n\n", "two\n\n"],
  ["\uFEFFmark", "\uFEFFmark"],
  ["a".repeat(mostSecretBytes), "a".repeat(mostSecretBytes)],
])("%j is the value %j", (given, value) => {
  expect(secretValue(bytes(given), next)).toBe(value);
});

test.each([
  ["nothing at all", undefined],
  ["nothing", bytes("")],
  ["an empty line", bytes("\n")],
  ["a null character", bytes("canary\0")],
  ["other bytes than UTF-8", Uint8Array.of(0x63, 0xff, 0xfe)],
  ["too many bytes", bytes("ä".repeat(mostSecretBytes / 2 + 1))],
])("%s is refused, and the message has nothing of the value", (_, given) => {
  const error = refusalOf(() => secretValue(given, next));
  expect(error).toMatchObject({ exitCode: 64, next });
  expect(`${error.message} ${error.next}`).not.toMatch(/canary|ää/);
});
