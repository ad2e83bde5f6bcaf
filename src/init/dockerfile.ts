import {
  DockerfileParser,
  type Copy,
  type Env,
  type From,
  type Instruction,
  type JSONInstruction,
} from "dockerfile-ast";

/** What a Dockerfile says about the container of its final stage. */
export interface DockerfileFacts {
  /** TCP ports of EXPOSE, in their order; of the final stage and the stages that it is built from. */
  readonly ports: readonly number[];
  readonly env: Readonly<Record<string, string>>;
  /** Null: the base image decides. */
  readonly user: string | null;
  /** The path of the address in HEALTHCHECK. */
  readonly healthPath: string | null;
  /** ARG without a default: the build needs a value from outside, or lives without. */
  readonly openArgs: readonly string[];
  /** What COPY and ADD take from the build context. */
  readonly sources: readonly string[];
}

/** Null when no image can be built from the text, because it has no FROM. */
export function readDockerfile(text: string): DockerfileFacts | null {
  const instructions = DockerfileParser.parse(text).getInstructions();
  const stages = stagesOf(instructions);
  if (stages.length === 0) return null;
  const final = chainOf(stages).flatMap(({ instructions: own }) => own);
  const words = (keyword: string) =>
    final.filter((one) => one.getKeyword() === keyword).map(expandedWords);
  return {
    ports: [...new Set(words("EXPOSE").flat().flatMap(portOf))],
    env: Object.fromEntries(
      final
        .filter(isEnv)
        .flatMap((one) =>
          one.getProperties().map((each) => [each.getName(), each.getValue() ?? ""] as const),
        ),
    ),
    user: words("USER").at(-1)?.[0] ?? null,
    healthPath: healthPathOf(words("HEALTHCHECK").at(-1) ?? []),
    openArgs: instructions
      .filter((one) => one.getKeyword() === "ARG")
      .flatMap((one) => expandedWords(one))
      .filter((word) => !word.includes("=") && !predefinedArgs.test(word)),
    sources: instructions.flatMap(sourcesOf),
  };
}

interface Stage {
  readonly from: From;
  readonly instructions: readonly Instruction[];
}

function stagesOf(instructions: readonly Instruction[]): readonly Stage[] {
  const starts = instructions.flatMap((one, index) => (isFrom(one) ? [index] : []));
  return starts.flatMap((start, index) => {
    const from = instructions[start];
    return from !== undefined && isFrom(from)
      ? [{ from, instructions: instructions.slice(start + 1, starts[index + 1]) }]
      : [];
  });
}

/** The final stage behind the stages that it continues, the first of them first. */
function chainOf(stages: readonly Stage[]): readonly Stage[] {
  const chain: Stage[] = [];
  let index = stages.length - 1;
  while (index >= 0) {
    const stage = stages[index];
    if (stage === undefined) break;
    chain.unshift(stage);
    const base = stage.from.getImage()?.toLowerCase();
    index = stages
      .slice(0, index)
      .findLastIndex(({ from }) => from.getBuildStage()?.toLowerCase() === base);
  }
  return chain;
}

/** Without flags, and with variables replaced by what the Dockerfile says about them. */
function expandedWords(instruction: Instruction): readonly string[] {
  return instruction.getExpandedArguments().map((word) => word.getValue());
}

/** 8080, 8080/tcp, or the first of 8000-8010. */
function portOf(word: string): readonly number[] {
  const [, digits] = /^(\d{1,5})(?:-\d+)?(?:\/tcp)?$/i.exec(word) ?? [];
  const port = Number(digits ?? 0);
  return port >= 1 && port <= 65_535 ? [port] : [];
}

function healthPathOf(words: readonly string[]): string | null {
  for (const word of words.join(" ").split(/[\s"'(),;|&]+/)) {
    const path = URL.parse(word);
    const isOwn =
      /^https?:$/.test(path?.protocol ?? "") &&
      /^(localhost|127\.|0\.|\[::)/.test(path?.host ?? "");
    if (path !== null && isOwn) return `${path.pathname}${path.search}`;
  }
  return null;
}

/** Literal ones only: a pattern or another stage's file is nothing to look for. */
function sourcesOf(instruction: Instruction): readonly string[] {
  if (!isCopy(instruction) || (instruction.getFromFlag?.() ?? null) !== null) return [];
  const listed = instruction.getJSONStrings().map((word) => word.getJSONValue());
  const words = listed.length > 0 ? listed : expandedWords(instruction);
  return words.slice(0, -1).filter((word) => !/[*?[$<]|^https?:|^git@/.test(word));
}

/** ADD has no --from. */
function isCopy(
  instruction: Instruction,
): instruction is JSONInstruction & Partial<Pick<Copy, "getFromFlag">> {
  return /^(COPY|ADD)$/.test(instruction.getKeyword());
}

function isFrom(instruction: Instruction): instruction is From {
  return instruction.getKeyword() === "FROM";
}

function isEnv(instruction: Instruction): instruction is Env {
  return instruction.getKeyword() === "ENV";
}

/** Docker sets these itself: https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope */
const predefinedArgs = /^(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT)$|_proxy$/i;
