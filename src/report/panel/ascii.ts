/** A line for a person where the locale has no UTF-8: marks and signs become ASCII. Other letters stay, because nothing says the same. */
export function plainMarks(text: string): string {
  return text.replace(/[✔✖–·…→]/gu, (sign) => plain[sign] ?? sign);
}

const plain: Readonly<Record<string, string>> = {
  "✔": "+",
  "✖": "X",
  "–": "-",
  "·": ".",
  "…": "...",
  "→": "->",
};
