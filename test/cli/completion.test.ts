import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { strategyChoices } from "../../src/config/fields/strategy-names.ts";
import { verbs } from "../../src/cli/verbs.ts";
import type { Verb } from "../../src/commands/kinds/verb.ts";
import { zshCompletion } from "../../src/completion/zsh.ts";
import { cliPath } from "../_helpers/cli.ts";
import { openTerminal } from "../_helpers/pty.ts";

/** In the shells themselves, as far as they are here; bash is. */
const shells = ["bash", "zsh", "fish"].filter(
  (shell) => spawnSync(shell, ["-c", "exit 0"]).status === 0,
);
const folder = mkdtempSync(join(tmpdir(), "completion-"));
mkdirSync(join(folder, "deploy"));
writeFileSync(join(folder, "deploy", "my config.yml"), "");
writeFileSync(join(folder, "demo.yml"), "");

for (const shell of shells) {
  // No configuration, no AWS, no home.
  const script = execFileSync(process.execPath, [cliPath, "completion", shell], {
    cwd: "/",
    env: { PATH: process.env["PATH"] },
  });
  writeFileSync(join(folder, shell), script);
}

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("bash is here", () => {
  expect(shells).toContain("bash");
});

describe.each(shells.filter((shell) => shell !== "zsh"))("%s", (shell) => {
  test("offers the verbs, and those of a group", () => {
    const names = verbs.map(({ name }) => name);
    expect(offered(shell, "infer-deploy ")).toEqual(expect.arrayContaining([...names, "help"]));
    expect(offered(shell, "infer-deploy rele")).toEqual(["release", "releases"]);
    expect(offered(shell, "infer-deploy lock rele")).toEqual(["release"]);
    expect(offered(shell, "infer-deploy help rollb")).toEqual(["rollback"]);
  });

  test.each(verbsWithWords())("offers every flag of $words, and no other", ({ words, verb }) => {
    const flags = Object.values(verb.options).map(({ flag }) => flag);
    const line = `infer-deploy ${words.join(" ")} --`;
    expect(offered(shell, line)).toEqual([...flags, "--help"].toSorted());
  });

  test("offers what a flag takes", () => {
    const strategies = offered(shell, "infer-deploy release --strategy ");
    expect(strategies).toEqual([...strategyChoices].toSorted());
    expect(offered(shell, "infer-deploy release --force --strategy can")).toEqual(["canary"]);
    expect(offered(shell, "infer-deploy up --region ")).toEqual([]);
    expect(offered(shell, "infer-deploy up -c de")).toEqual(["demo.yml", "deploy"]);
    expect(offered(shell, "infer-deploy up --config deploy/my")).toEqual(["deploy/my config.yml"]);
    expect(offered(shell, "infer-deploy render --out de")).toEqual(["deploy"]);
  });

  test("offers what a verb takes without a flag", () => {
    expect(offered(shell, "infer-deploy sandbox weather slow-b")).toEqual(["slow-boot"]);
    expect(offered(shell, "infer-deploy sandbox weather none slow-b")).toEqual(["slow-boot"]);
  });
});

test.each(verbsWithWords())(
  "zsh's function for $words has its flags, and no other",
  ({ words, verb }) => {
    const begin = `\n_infer-deploy_${words.join("_")}() {\n`;
    const [, body = ""] = zshCompletion(verbs).split(begin);
    const specs = body
      .slice(0, body.indexOf("\n}\n"))
      .matchAll(/^ {4}(?:'\*'|'\(-\w )?(--[a-z-]+)/gm);
    const found = Array.from(specs, ([, flag]) => flag);
    const flags = Object.values(verb.options).map(({ flag }) => flag);
    expect(found).toEqual([...flags, "--help"]);
  },
);

test.each(shells)("%s: what a person types and sees", { timeout: 60_000 }, async (shell) => {
  const terminal = await openTerminal({
    file: shell,
    args: shell === "fish" ? ["--no-config", "-i"] : [shell === "zsh" ? "-f" : "--norc", "-i"],
    cwd: folder,
    env: { PATH: process.env["PATH"], TERM: "xterm", HOME: folder, LANG: "C.UTF-8" },
  });
  const enter = async (line: string, answer: RegExp): Promise<void> => {
    terminal.type(line);
    await Promise.race([
      terminal.waitFor(answer),
      wait(patienceMilliseconds).then(() => {
        throw new Error(`${answer} did not come. The terminal shows:\n${terminal.text()}`);
      }),
    ]);
  };
  try {
    if (shell === "zsh") terminal.type("autoload -Uz compinit; compinit -u -D\r");
    await enter(`source ./${shell}; echo sour''ced\r`, /sourced/);
    // Enter runs what the Tabs have made of the line.
    const echo = 'echo "ran:$';
    await enter(
      shell === "fish"
        ? `function infer-deploy; ${echo}argv"; end; echo defi''ned\r`
        : `infer-deploy() { ${echo}*"; }; echo defi''ned\r`,
      /defined/,
    );
    await enter(
      "infer-deploy rollb\t--skip\t--conf\tdeploy/my\t\r",
      /ran:rollback --skip-hooks --config[ =]deploy\/my config\.yml/,
    );
    await enter("infer-deploy lock rel\t--envi\tprod\r", /ran:lock release --environment[ =]prod/);
    await enter(
      "infer-deploy release --bak\t2m --strategy=lin\t\r",
      /ran:release --bake[ =]2m --strategy=linear/,
    );
    await enter("infer-deploy release --strategy can\t\r", /ran:release --strategy[ =]canary/);
    await enter("infer-deploy render --out de\t\r", /ran:render --out[ =]deploy\/?\s/);
    if (shell === "bash") return;
    await enter("infer-deploy up --ref\t\t", /take the newest machine image/);
  } finally {
    terminal.kill("SIGKILL");
    await terminal.ended;
  }
});

function verbsWithWords(): readonly { readonly words: readonly string[]; readonly verb: Verb }[] {
  return verbs.flatMap((verb) =>
    "verbs" in verb
      ? verb.verbs.map((one) => ({ words: [verb.name, one.name], verb: one }))
      : [{ words: [verb.name], verb }],
  );
}

/** What the shell offers at the end of the line, in order, without the slash of a folder. */
function offered(shell: string, line: string): readonly string[] {
  const ask =
    shell === "fish"
      ? `source ./fish; complete -C '${line}' | string split -f1 \\t`
      : `source ./bash; COMP_WORDS=(${line.replace(/ $/, " ''")}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _infer_deploy; [[ \${#COMPREPLY[@]} == 0 ]] || printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync(
    shell,
    [shell === "fish" ? "--no-config" : "--norc", "-c", ask],
    {
      cwd: folder,
      env: { PATH: process.env["PATH"], HOME: folder, LANG: "C.UTF-8" },
      encoding: "utf8",
    },
  );
  expect(stderr).toBe("");
  const lines = stdout.split("\n").filter((one) => one !== "");
  return lines.map((one) => one.replace(/\/$/, "")).toSorted();
}

const patienceMilliseconds = 15_000;
