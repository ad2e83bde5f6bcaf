import { findContradictions } from "./checks/check.ts";
import { explainContradiction, explainIssue, isInDoubt } from "./checks/explain.ts";
import { pathsOf, readKnownKeys } from "./checks/known-keys.ts";
import { checkOverrides, chooseEnvironment, type Overrides } from "./override.ts";
import { formatPath, formatProblem, type Path, type Problem } from "./checks/problem.ts";
import { defaultEnvironment, type Config, type ConfigFile } from "./schema/config.ts";
import { findSharingProblems } from "./checks/rules/routing-check.ts";
import { overlaySettings, settle } from "./schema/settle.ts";
import { readYaml } from "./yaml/tree.ts";

export interface Source {
  readonly text: string;
  /** The name that problems show. */
  readonly file: string;
  readonly overrides: Overrides;
}

export type ParsedConfig =
  | Settled
  | {
      readonly problems: readonly Problem[];
      /** What the file means without the problems, to look for those that the text alone does not show; null when that would be a guess. */
      readonly draft: Draft | null;
    };

interface Settled {
  readonly config: Config;
  /** Makes a problem that the text alone does not show, such as a folder that does not exist. */
  readonly explain: (path: Path, found: string, allowed: string) => Problem;
}

export interface Draft extends Settled {
  /** Whether the value at the path is only a default because the file's own value was refused. */
  readonly isInDoubt: (path: Path) => boolean;
}

/** The configuration of one environment, or every problem of the file. Never throws. */
export function parseConfig({ text, file, overrides }: Source): ParsedConfig {
  const tree = readYaml(text, { file, isVerbatim });
  const problems = [...tree.problems, ...checkOverrides(overrides)];
  if (!tree.whole) return { problems, draft: null };

  const { known, issues } = readKnownKeys(tree.value);
  problems.push(...issues.flatMap((issue) => explainIssue(tree, file, issue)));
  if (known === null) return { problems: withoutTwins(problems), draft: null };

  const declared = Object.keys(known.environments ?? {});
  const chosen = chooseEnvironment(declared, overrides.environment, {
    file,
    ...tree.locate(["environments"], "key"),
  });
  const explain = (path: Path, found: string, allowed: string) =>
    explainContradiction(tree, file, chosen.environment, { paths: [path], found, allowed });
  const configOf = (environment: string) => settleWith(known, environment, overrides);
  const bad = issues.flatMap(pathsOf);
  for (const environment of declared.length === 0 ? [chosen.environment] : declared) {
    for (const contradiction of findContradictions(configOf(environment))) {
      if (contradiction.paths.some((path) => isInDoubt(tree, bad, environment, path))) continue;
      problems.push(explainContradiction(tree, file, environment, contradiction));
    }
  }
  const sharing = findSharingProblems(declared.map((one) => ownSettings(known, one)));
  for (const { environment, with: other, contradiction } of sharing) {
    const isDoubtful = contradiction.paths.some(
      (path) => isInDoubt(tree, bad, environment, path) || isInDoubt(tree, bad, other, path),
    );
    if (!isDoubtful) problems.push(explainContradiction(tree, file, environment, contradiction));
  }
  problems.push(...chosen.problems);
  const config = configOf(chosen.environment);
  if (config.region === "" && !isInDoubt(tree, bad, chosen.environment, ["region"])) {
    problems.push(explain(["region"], "nothing", regionAllowed));
  }
  if (problems.length === 0) return { config, explain };
  const draft: Draft = {
    config,
    explain,
    isInDoubt: (path) => isInDoubt(tree, bad, chosen.environment, path),
  };
  return { problems: withoutTwins(problems), draft: chosen.problems.length > 0 ? null : draft };
}

/** The environments of a file, in its order; the default one when it declares none, or cannot be read. */
export function declaredEnvironments(text: string): readonly string[] {
  const tree = readYaml(text, { file: "", isVerbatim });
  const { known } = tree.whole ? readKnownKeys(tree.value) : { known: null };
  const declared = Object.keys(known?.environments ?? {});
  return declared.length === 0 ? [defaultEnvironment] : declared;
}

/** As the file has it: a region that is asked for is for one environment only. */
function ownSettings(known: ConfigFile, environment: string): Config {
  return settleWith(known, environment, {});
}

function settleWith(known: ConfigFile, environment: string, overrides: Overrides): Config {
  const settings = overlaySettings(known, environment);
  const region = overrides.region?.value ?? settings.region ?? "";
  return settle(known.name, environment, region, settings);
}

/** A value can break several rules that share a sentence, and a contradiction appears in every environment. */
function withoutTwins(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [formatProblem(problem), problem])).values()];
}

/** Where the user means text even when it looks like a number. */
function isVerbatim(path: Path): boolean {
  const inner = path[0] === "environments" ? path.slice(2) : path;
  return verbatimValues.has(formatPath(inner)) || verbatimMaps.has(formatPath(inner.slice(0, -1)));
}

const verbatimValues: ReadonlySet<string> = new Set([
  "release.probe.body",
  "release.probe.json_path",
]);
const verbatimMaps: ReadonlySet<string> = new Set([
  "env",
  "tags",
  "image.build_args",
  "release.alarms",
  "release.probe.headers",
]);

const regionAllowed =
  "an AWS region here, with --region or with INFER_DEPLOY_REGION, such as eu-central-1";
