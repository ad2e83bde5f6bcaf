import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeControls, safeText } from "./safe-text.ts";

test("what moves a cursor, sets a title or changes the direction of text is escaped; colours go, lines and tabs stay", () => {
  expect(
    safeText(
      "\u001b[31mred\u001b[0m \u001b[2J\u001b]0;title\u0007 a\rb\u009b1A \u202eoof\n\tend\n",
    ),
  ).toBe("red \\u001b[2J\\u001b]0;title\\u0007 a\\u000db\\u009b1A \\u202eoof\n\tend\n");
});

test("no text keeps a control character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(safeText(text)).not.toMatch(/(?![\n\t])\p{Cc}/u);
      expect(escapeControls(text)).not.toMatch(/\p{Cc}/u);
    }),
  );
});

test("JSON says the same after it", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value, null, 2);
      expect(JSON.parse(safeText(text, { GITHUB_ACTIONS: "true" }))).toEqual(JSON.parse(text));
    }),
  );
  const text = JSON.stringify({ "##[group]": "::error::\u009b1A\u202e", "": "\u001b[2J" }, null, 2);
  expect(JSON.parse(safeText(text, { GITHUB_ACTIONS: "true" }))).toEqual(JSON.parse(text));
});

test.each([
  ["::add-mask::x", "\\u003a:add-mask::x"],
  ["ok\n    ::stop-commands::x\n", "ok\n    \\u003a:stop-commands::x\n"],
  ["::::warning::x", "\\u003a:::warning::x"],
  ["a ##[group]b", "a #\\u0023[group]b"],
  ["##vso[task.setvariable]b", "#\\u0023vso[task.setvariable]b"],
  ["std::vector, ## heading", "std::vector, ## heading"],
])("in CI %j is no command", (text, safe) => {
  expect(safeText(text, { GITHUB_ACTIONS: "true" })).toBe(safe);
  expect(safeText(text, {})).toBe(text);
});
