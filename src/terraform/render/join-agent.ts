/**
 * Joins the parts of a program, Python modules by file name, to one executable file. `main` comes last, and every other part before
 * the first one that needs it. Only imports of the standard library stay, once each, at the top. Comments on their own lines,
 * docstrings and blank lines are left out, and indentation is narrow, because EC2 accepts 16 KB of user data, which has one of them.
 * A part must begin with a docstring and import from another with `from PART import NAME, NAME`.
 * `programs`: the main parts of all programs that are made of these parts.
 * Throws for a part that is missing, that no program needs, or that imports another in a different way.
 */
export function joinAgent(
  sources: ReadonlyMap<string, string>,
  mainPart = "agent.py",
  programs: readonly string[] = [mainPart],
): string {
  const parts = new Map(
    [...sources].map(([name, text]) => [name, readPart(name, text, sources, name === mainPart)]),
  );
  const main = parts.get(mainPart);
  if (main === undefined) {
    throw new Error(`The agent has no part ${mainPart}`);
  }
  const ordered = orderParts(mainPart, parts);
  const needed = new Set(programs.flatMap((name) => orderParts(name, parts)));
  const unused = [...parts.values()].filter((part) => !needed.has(part)).map(({ name }) => name);
  if (unused.length > 0) {
    throw new Error(`The agent does not import its part ${unused.join(", ")}`);
  }
  const imports = [...new Set(ordered.flatMap((part) => part.imports))].toSorted();
  const codes = ordered.map((part) => `# ---- ${part.name}\n\n${part.code}`);
  const top = `${main.shebang}"""${main.about}"""\n${note}\n${imports.join("\n")}`;
  return `${[top, ...codes].join("\n\n\n")}\n`;
}

interface Part {
  readonly name: string;
  readonly shebang: string;
  /** The docstring's text. */
  readonly about: string;
  /** Lines that import from the standard library. */
  readonly imports: readonly string[];
  /** The parts that it imports. */
  readonly needs: readonly string[];
  readonly code: string;
}

function readPart(
  name: string,
  text: string,
  sources: ReadonlyMap<string, string>,
  isMain: boolean,
): Part {
  const { shebang = "", about, body: whole } = partForm.exec(text)?.groups ?? {};
  const body = whole
    ?.replace(docstring, "$<head>")
    .replace(comment, "")
    .replace(isMain ? /$^/ : start, "");
  if (about === undefined || body === undefined) {
    throw new Error(`The agent's part ${name} does not begin with a docstring`);
  }
  const lines = body.split("\n");
  const partOf = (line: string) => `${importForm.exec(line)?.groups?.["module"]}.py`;
  const ours = lines.filter((line) => sources.has(partOf(line)));
  const imports = lines.filter((line) => /^(?:import|from) /.test(line) && !ours.includes(line));
  const unclear = ours.find((line) => !namesForm.test(line));
  if (unclear !== undefined) {
    throw new Error(`The agent's part ${name} cannot be joined: ${unclear}`);
  }
  return {
    name,
    shebang,
    about,
    imports,
    needs: ours.map(partOf),
    code: lines
      .filter((line) => !imports.includes(line) && !ours.includes(line))
      .join("\n")
      .trim()
      // Blank lines, and all but one space of each level.
      .replace(/\n{2,}/g, "\n")
      .replace(/^(?: {4})+/gm, (indent) => " ".repeat(indent.length / 4)),
  };
}

/** Each part once, after all parts that it needs. */
function orderParts(
  name: string,
  parts: ReadonlyMap<string, Part>,
  seen = new Set<string>(),
): readonly Part[] {
  const part = parts.get(name);
  if (part === undefined || seen.has(name)) {
    return [];
  }
  seen.add(name);
  return [...part.needs.flatMap((needed) => orderParts(needed, parts, seen)), part];
}

const note =
  "# Joined from the parts in templates/instance/agent/ of infer-deploy, without their comments.";
const partForm = /^(?<shebang>#!.*\n)?"""(?<about>[^]*?)"""\n(?<body>[^]*)$/;
/** Of a function or a class. Each must have more in it than its docstring. */
const docstring = /^(?<head> *(?:def|class) .*:\n) *"""[^]*?"""\n\n?/gm;
const comment = /^ *#.*\n/gm;
/** What starts a part as a program. */
const start = /^if __name__ == "__main__":\n(?: .*\n?)+/m;
const importForm = /^\s*(?:import|from) (?<module>\w+)/;
const namesForm = /^from \w+ import \w+(?:, \w+)*$/;
