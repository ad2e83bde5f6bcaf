import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import Mustache from "mustache";
import { expect, test } from "vitest";
import { parseCommand, printedCommands } from "../../test/_helpers/printed-commands.ts";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { config } from "../../test/_helpers/session-world.ts";
import { packageRoot } from "../package-root.ts";
import { runbookDocument, runbookFiles, runbookListText } from "../views/runbook.ts";
import { addressRecord, runbookFacts } from "./facts.ts";
import { loadRunbooks } from "./load-runbooks.ts";
import { fillRunbook } from "./runbook.ts";
import { topics, type Topic } from "./topic-names.ts";

const folder = join(packageRoot, "templates", "runbooks");
const place = { bucket: "the-bucket", file: "/project/state.tfstate" };

const plainFacts = runbookFacts(config(), stackRecord(), place);
const fullFacts = runbookFacts(
  {
    ...config("secrets: {HF_TOKEN: file, API_TOKEN: env}\nstate: {backend: local}\n"),
    domains: ["api.example.com"],
    zone: "example.com",
  },
  { ...stackRecord(), key_group: "arn:group" },
  place,
);

const sharedFacts = runbookFacts(
  { ...config(), domains: ["api.example.com"], zone: "example.com", routing: "primary" },
  stackRecord(),
  place,
);

async function markdownOf(topic: Topic, facts = plainFacts): Promise<string> {
  const found = (await loadRunbooks(facts)).find((one) => one.topic === topic);
  return found?.markdown ?? "";
}

test("each topic has a template, and each template is a topic", async () => {
  const files = (await readdir(folder)).map((file) => file.replace(".md", ""));
  expect(files.toSorted()).toEqual([...topics].toSorted());
});

test.each(topics)("%s names only facts that a stack has", async (topic) => {
  const template = await readFile(join(folder, `${topic}.md`), "utf8");
  const known = {
    ...fullFacts,
    ...fullFacts.colours[0],
    ...sharedFacts.shared,
    ...{ name: "", zone: "" },
  };
  const ofGithub = ["release", "plan"];
  for (const name of namesIn(Mustache.parse(template))) {
    const [first = ""] = name.split(".");
    expect([...Object.keys(known), ...ofGithub], `${topic}.md: {{${name}}}`).toContain(first);
  }
});

test.each([
  ["a stack without a domain", plainFacts],
  ["a stack with everything", fullFacts],
  ["a stack that shares its domain", sharedFacts],
  ["a stack with a login", { ...plainFacts, login: true }],
])("every command of the tool works as printed, for %s", async (_, facts) => {
  const document = runbookDocument({ ...stackRecord() }, await loadRunbooks(facts), [
    "runbook",
    "--environment",
    "staging",
  ]);
  for (const { topic, markdown, summary, title } of document.runbooks) {
    expect(markdown, topic).not.toMatch(/undefined|\{\{|\bnull\b|\n\n\n/);
    expect(title, topic).not.toBe("");
    expect(summary, topic).toMatch(/\.$/);
    const commands = printedCommands(markdown);
    for (const { words, line, isQuoted } of commands) {
      await parseCommand(words);
      if (!isQuoted) expect(line).toContain("--environment staging");
    }
  }
});

test("the stack's own names are in it", async () => {
  const { outputs } = stackRecord();
  const text = await markdownOf("unhealthy-release");
  for (const colour of ["blue", "green"] as const) {
    expect(text).toContain(`--target-group-arn ${outputs.target_group_arns[colour]}`);
    expect(text).toContain(outputs.alarm_names[colour].errors);
  }
});

test("a part that the stack does not have is left out, and the steps count on", async () => {
  const plain = await markdownOf("region-failure");
  expect(stepsOf(plain)).toEqual([1, 2, 3]);
  expect(plain).not.toContain("route53");
  const full = await markdownOf("region-failure", fullFacts);
  expect(stepsOf(full)).toEqual([1, 2, 3, 4, 5]);
  expect(full).toContain("ResourceRecordSets[?Name=='api.example.com.'");
  expect(full).toContain("each of HF_TOKEN, API_TOKEN");
  expect(await markdownOf("leaked-credential")).not.toContain("keys rotate");
  expect(await markdownOf("leaked-credential", fullFacts)).toContain("infer-deploy keys rotate");
  expect(await markdownOf("restore-state")).toContain("--bucket the-bucket --prefix app/");
  expect(await markdownOf("restore-state", fullFacts)).toContain("/project/state.tfstate");
  expect(await markdownOf("certificate")).toContain("plain HTTP");
});

test("where other regions serve the name, nothing is brought up, and the failed region's record can go", async () => {
  const text = await markdownOf("region-failure", sharedFacts);
  expect(stepsOf(text)).toEqual([1, 2, 3, 4]);
  expect(text).toContain("--alarm-names app-production-blue-empty app-production-green-empty");
  expect(text).toContain("SetIdentifier=='production-eu-west-1'");
  expect(text).toContain("infer-deploy up --refresh");
  expect(text).not.toContain("infer-deploy destroy");
  const secondary = runbookFacts(
    { ...config(), domains: ["api.example.com"], zone: "example.com", routing: "secondary" },
    stackRecord(),
    place,
  );
  expect(stepsOf(await markdownOf("region-failure", secondary))).toEqual([1, 2]);
});

test("traffic moved by hand keeps the login, which AWS replaces with all other actions", async () => {
  expect(await markdownOf("roll-back")).toContain("--default-actions 'Type=forward,");
  const text = await markdownOf("roll-back", { ...plainFacts, login: true });
  expect(text).toContain("--default-actions file://actions.json");
  expect(text).toContain('"UseExistingClientSecret": true');
  expect(text).not.toContain("Type=forward");
});

test("the record of the address is in Terraform where the runbook says", async () => {
  const [, module = "", type = "", name = ""] = addressRecord.split(".");
  const file = join(packageRoot, "templates", "terraform", "modules", module, "main.tf");
  expect(await readFile(file, "utf8")).toContain(`resource "${type}" "${name}"`);
});

test("Markdown stays as it is: no HTML", () => {
  const facts = { ...plainFacts, url: "http://a/?b&c" };
  expect(fillRunbook("deploy", "# A\n\nFor `{{url}}` <b>. More.\n", facts)).toEqual({
    topic: "deploy",
    title: "A",
    summary: "For `http://a/?b&c` <b>.",
    markdown: "# A\n\nFor `http://a/?b&c` <b>. More.\n",
  });
});

test("the list says when to use each, and the files have a page that leads to them", async () => {
  const document = runbookDocument(stackRecord(), await loadRunbooks(plainFacts), ["runbook"]);
  expect(runbookListText(document)).toContain("roll-back          For a version that serves badly");
  const files = runbookFiles(document);
  expect([...files.keys()]).toEqual(["README.md", ...topics.map((topic) => `${topic}.md`)]);
  expect(files.get("README.md")).toContain("](roll-back.md)");
});

function stepsOf(markdown: string): readonly number[] {
  return [...markdown.matchAll(/^(\d+)\. /gm)].map(([, step]) => Number(step));
}

function namesIn(tokens: readonly unknown[]): readonly string[] {
  return tokens.flatMap((token) => {
    const [kind, name, , , inner] = token as [string, string, number, number, unknown[]?];
    return kind === "text" ? [] : [name, ...(Array.isArray(inner) ? namesIn(inner) : [])];
  });
}
