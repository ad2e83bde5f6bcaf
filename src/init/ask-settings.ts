import * as z from "zod/mini";
import { regionName, stackName } from "../config/schema/config.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { thisCommand } from "../errors/printed-commands.ts";

/** A line that a person types; an empty one takes the suggestion. Undefined when the input was closed. */
export type AskLine = (question: string) => Promise<string | undefined>;

export interface Choice {
  /** What was asked for by a flag, with its name or its variable's. */
  readonly asked: { readonly value: string; readonly origin: string } | undefined;
  readonly suggestion: string | undefined;
}

/** Throws CommandError (64) for a name that infer-deploy.yml does not take. */
export async function chooseName(choice: Choice, askLine: AskLine | undefined): Promise<string> {
  return choose(choice, askLine, {
    question: "Name of the service",
    flag: "--service-name NAME",
    schema: stackName,
  });
}

/** Throws CommandError (64) for no region, and for one that does not exist. */
export async function chooseRegion(choice: Choice, askLine: AskLine | undefined): Promise<string> {
  return choose(choice, askLine, {
    question: "AWS region",
    flag: "--region REGION",
    schema: regionName,
  });
}

interface Question {
  readonly question: string;
  readonly flag: string;
  readonly schema: z.ZodMiniType<string>;
}

async function choose(
  { asked, suggestion }: Choice,
  askLine: AskLine | undefined,
  { question, flag, schema }: Question,
): Promise<string> {
  if (asked !== undefined) return check(asked.value, asked.origin, schema);
  if (askLine === undefined) {
    if (suggestion !== undefined) return check(suggestion, `the ${question}`, schema);
    throw new CommandError(`The ${question} is not set anywhere.`, {
      exitCode: exitCodes.usage,
      why: "neither AWS_REGION nor the AWS profile has one",
      next: `${thisCommand} ${flag}`,
    });
  }
  for (;;) {
    const hint = suggestion === undefined ? "" : ` [${suggestion}]`;
    const line = await askLine(`${question}${hint}: `);
    if (line === undefined) throw notWritten();
    const value = line.trim() || suggestion;
    if (value !== undefined && z.safeParse(schema, value).success) return value;
  }
}

function check(value: string, origin: string, schema: z.ZodMiniType<string>): string {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new CommandError(
    `${origin} takes ${parsed.error.issues[0]?.message}, and "${value}" is not that.`,
    {
      exitCode: exitCodes.usage,
    },
  );
}

export function notWritten(): CommandError {
  return new CommandError("Nothing was written.", { next: `${thisCommand} --yes` });
}
