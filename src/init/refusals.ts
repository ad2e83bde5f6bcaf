import { CommandError, exitCodes } from "../errors/command-error.ts";
import { thisCommand } from "../errors/printed-commands.ts";

export function cannotAsk(): CommandError {
  return new CommandError("init asks for the name and the region, and no person can answer here.", {
    exitCode: exitCodes.usage,
    next: `${thisCommand} --yes`,
  });
}

export function thereAlready(file: string): CommandError {
  return new CommandError(`${file} is there already, and init overwrites nothing.`, {
    exitCode: exitCodes.usage,
    where: file,
    next: "infer-deploy plan shows what it would create; infer-deploy init --github adds workflows",
  });
}
