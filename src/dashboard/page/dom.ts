/** An element with its attributes and children. Texts become text nodes, so that nothing in them is read as HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** An element of index.html. */
export function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element ${id}.`);
  return found;
}

/** Draws a part again when its facts have changed: what stays the same keeps focus and selection, and is not read out again. */
export function show<Facts>(
  id: string,
  facts: Facts,
  draw: (facts: Facts) => readonly (Node | string)[],
): void {
  const text = JSON.stringify(facts);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  part(id).replaceChildren(...draw(facts));
}

const shown = new Map<string, string>();
