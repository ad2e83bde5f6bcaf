/** One page of a list: what is on it, and the token of the next one. An AWS service ends a list with no token or an empty one. */
export interface Page<Item> {
  readonly items: readonly Item[] | undefined;
  readonly next?: string | undefined;
}

/** The items of all pages. A filtered page may be empty and still have a next one. */
export async function everyItem<Item>(
  ask: (token: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token);
    found.push(...(page.items ?? []));
    token = page.next === "" ? undefined : page.next;
  } while (token !== undefined);
  return found;
}
