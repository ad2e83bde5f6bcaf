import fc from "fast-check";
import { expect, test } from "vitest";
import { createMarkedOutput } from "./marked-output.ts";

const marks = { begin: "begin-a1", end: "end-a1" };

function start() {
  let text = "";
  const output = createMarkedOutput(marks, (part) => {
    text += part;
  });
  const push = (part: string): void => output.push(new TextEncoder().encode(part));
  return { ...output, push, text: () => text };
}

test("what a command has written is there while it still runs", () => {
  const output = start();
  output.push("\nStarting session with SessionId: x\nbegin-a1\nbegun\n");
  expect(output.text()).toBe("begun");
  output.push("more");
  expect(output.text()).toBe("begun\nmore");
  output.push("\n\nend-a1 3\n\nExiting session\n");
  expect(output.text()).toBe("begun\nmore\n");
  expect(output.end().code).toBe(3);
});

test("however the output is cut, all of it arrives, and nothing else", () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a\n e-]{0,40}$/),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
      (said, sizes) => {
        const output = start();
        const whole = `begin-a1\n${said}\nend-a1 0\n`;
        for (let at = 0, step = 0; at < whole.length; step += 1) {
          const size = sizes[step % sizes.length] ?? 1;
          output.push(whole.slice(at, at + size));
          at += size;
        }
        expect(output.end().code).toBe(0);
        expect(output.text()).toBe(said);
      },
    ),
  );
});
