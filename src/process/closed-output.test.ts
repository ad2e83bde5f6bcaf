import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { isClosed, tolerateClosing, writeTo } from "./closed-output.ts";

function pipe() {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  return Object.assign(new EventEmitter(), { written, write });
}

test.each(["EPIPE", "EIO"])("after %s nothing more is written", (code) => {
  const stream = pipe();
  writeTo(stream, "one");
  expect(isClosed(stream)).toBe(false);
  stream.emit("error", Object.assign(new Error("closed"), { code }));
  expect(isClosed(stream)).toBe(true);
  writeTo(stream, "two");
  expect(stream.written).toEqual(["one"]);
});

test("another error is thrown", () => {
  const stream = pipe();
  tolerateClosing(stream);
  const full = Object.assign(new Error("disk full"), { code: "ENOSPC" });
  expect(() => stream.emit("error", full)).toThrow(full);
});

test("a stream is watched once, however often it is written to", () => {
  const stream = pipe();
  for (let line = 0; line < 20; line += 1) writeTo(stream, "line");
  expect(stream.listenerCount("error")).toBe(1);
});
