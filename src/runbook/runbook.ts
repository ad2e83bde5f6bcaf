import Mustache from "mustache";
import type { RunbookFacts } from "./facts.ts";
import type { Topic } from "./topic-names.ts";

export interface Runbook {
  readonly topic: Topic;
  readonly title: string;
  /** When to use it, in a sentence. */
  readonly summary: string;
  readonly markdown: string;
}

/** Fills a template in. It begins with a title and a paragraph that says when to use the runbook. */
export function fillRunbook(topic: Topic, template: string, facts: RunbookFacts): Runbook {
  // Markdown, not HTML.
  const filled = Mustache.render(template, facts, {}, { escape: String });
  const markdown = `${numberSteps(filled).trimEnd()}\n`;
  const [title = "", , summary = ""] = markdown.split("\n");
  return {
    topic,
    title: title.replace("# ", ""),
    summary: summary.split(/(?<=\.) /)[0] ?? "",
    markdown,
  };
}

/** The steps of each part from 1 on, because a stack may not have all of a template's. */
function numberSteps(markdown: string): string {
  let step = 0;
  return markdown
    .split("\n")
    .map((line) => {
      if (line.startsWith("#")) step = 0;
      return line.replace(/^\d+\. /, () => {
        step += 1;
        return `${step}. `;
      });
    })
    .join("\n");
}
