/** Path relative to its folder, with forward slashes -> content. */
export type Files = ReadonlyMap<string, string>;

/** The files of a folder, by their paths in it. Throws when there are none. */
export function templatesUnder(
  templates: Files,
  folder: string,
): readonly (readonly [string, string])[] {
  const found = [...templates]
    .filter(([path]) => path.startsWith(folder))
    .map(([path, content]) => [path.slice(folder.length), content] as const);
  if (found.length === 0) {
    throw new Error(`There are no templates in ${folder}`);
  }
  return found;
}

/** Throws when there is no such file. */
export function templateAt(templates: Files, path: string): string {
  const content = templates.get(path);
  if (content === undefined) {
    throw new Error(`There is no template ${path}`);
  }
  return content;
}
