import type { Embeddings } from "./inference.ts";

/**
 * The answer in the format of https://platform.openai.com/docs/api-reference/embeddings/object, put together from vectors that are
 * written already. `truncated` is ours, and there only when texts were cut: their numbers, counted from 0.
 */
export function formatResponse({ texts }: Pick<Embeddings, "texts">, model: string): Buffer {
  const parts: Buffer[] = [];
  let tokens = 0;
  const truncated: number[] = [];
  let before = '{"object":"list","data":[';
  for (const [index, text] of texts.entries()) {
    parts.push(
      Buffer.from(`${before}{"object":"embedding","index":${index},"embedding":`),
      text.json,
    );
    before = "},";
    tokens += text.tokens;
    if (text.isTruncated) truncated.push(index);
  }
  const cut = truncated.length === 0 ? "" : `,"truncated":${JSON.stringify(truncated)}`;
  const usage = `"usage":{"prompt_tokens":${tokens},"total_tokens":${tokens}}`;
  parts.push(Buffer.from(`}],"model":${JSON.stringify(model)},${usage}${cut}}`));
  return Buffer.concat(parts);
}
