/** Whether the text may be an instance's id, or its beginning. Those of one machine end with the colour, such as `i-0123-blue`. */
export function beginsInstance(text: string): boolean {
  return /^i-[0-9a-f]*(-blue|-green)?$/.test(text);
}
