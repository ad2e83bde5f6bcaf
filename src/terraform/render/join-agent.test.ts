import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { renderInstanceFiles } from "./instance-files.ts";
import { joinAgent } from "./join-agent.ts";
import { loadTemplates } from "./template-files.ts";

const run = promisify(execFile);

const parts = {
  "agent.py": `#!/usr/bin/env python3
"""The agent.

    agent    starts it
"""
import sys

from engine import ENGINE, start
from words import say

if __name__ == "__main__":
    start(sys.argv)
`,
  "engine.py": `"""The engine,
and what it needs."""
import os
import sys
from words import say

ENGINE = "engine"


class Start:
    """One start.

    # Of an engine.
    """

    speed = 1  # a number


def start(argv):
    """Starts it."""
    # The separator comes first.
    say(os.sep, sys.argv)
`,
  "words.py": `"""Words."""


def say(*words):
    print(*words)
`,
};

test("each part comes after those that it needs, with its name and without its comments, and the imports come first", () => {
  expect(joinParts(parts)).toBe(`#!/usr/bin/env python3
"""The agent.

    agent    starts it
"""
# Joined from the parts in templates/instance/agent/ of infer-deploy, without their comments.
import os
import sys


# ---- words.py

def say(*words):
 print(*words)


# ---- engine.py

ENGINE = "engine"
class Start:
 speed = 1  # a number
def start(argv):
 say(os.sep, sys.argv)


# ---- agent.py

if __name__ == "__main__":
 start(sys.argv)
`);
});

test("the order of the parts in the folder makes no difference", () => {
  const turned = Object.fromEntries(Object.entries(parts).toReversed());
  expect(joinParts(turned)).toBe(joinParts(parts));
});

test.each([
  ["import engine"],
  ["from engine import ("],
  ["from engine import start as begin"],
  ["from engine import *"],
  ["    from engine import start"],
])("an import that cannot be left out is refused: %s", (line) => {
  expect(() => joinParts({ ...parts, "words.py": `"""Words."""\n${line}\n` })).toThrow(
    `part words.py cannot be joined: ${line}`,
  );
});

test("a part that is missing, that is not imported or that does not say what it is, is refused", () => {
  expect(() => joinParts({ "words.py": parts["words.py"] })).toThrow("no part agent.py");
  expect(() => joinParts({ ...parts, "spare.py": '"""Spare."""\n' })).toThrow("its part spare.py");
  expect(() => joinParts({ ...parts, "words.py": "import os\n" })).toThrow(
    "words.py does not begin",
  );
});

test("of two programs that share their parts, each has what it needs and starts only itself", () => {
  const more = `"""Another."""\nfrom words import say\n\nif __name__ == "__main__":\n    say()\n`;
  const both = new Map(Object.entries({ ...parts, "other.py": more }));
  const other = joinAgent(both, "other.py", ["agent.py", "other.py"]);
  expect(other).toContain('# ---- other.py\n\nif __name__ == "__main__":\n say()\n');
  expect(other).not.toContain("engine.py");
  const around = new Map(both).set(
    "other.py",
    more.replace("words import say", "agent import say"),
  );
  const outer = joinAgent(around, "other.py");
  expect(outer).toContain("# ---- agent.py");
  expect(outer.match(/__main__/g)).toHaveLength(1);
});

test.skipIf(!(await hasPython()))("Python loads the agent that is shipped", async () => {
  const folder = await mkdtemp(join(tmpdir(), "join-agent-"));
  try {
    const file = join(folder, "infer-deploy-agent");
    const rendered = renderInstanceFiles("fleet", await loadTemplates());
    await writeFile(file, rendered.get("infer-deploy-agent") ?? "");
    const load = `import runpy, sys; print(runpy.run_path(sys.argv[1])["Agent"].__name__)`;
    expect((await run("python3", ["-B", "-c", load, file])).stdout).toBe("Agent\n");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function joinParts(sources: Readonly<Record<string, string>>): string {
  return joinAgent(new Map(Object.entries(sources)));
}

async function hasPython(): Promise<boolean> {
  return run("python3", ["--version"]).then(
    () => true,
    () => false,
  );
}
