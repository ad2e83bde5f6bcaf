import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Tokenizer } from "@huggingface/tokenizers";
import { loadTokeniser, truncate } from "../src/tokeniser.ts";

test("a long text keeps its closing token", () => {
  assert.deepEqual(truncate([101, 7, 8, 9, 102], 4), [101, 7, 8, 102]);
});

test("a text of exactly the limit stays whole", () => {
  assert.deepEqual(truncate([101, 7, 8, 102], 4), [101, 7, 8, 102]);
});

for (const lowercase of [true, false]) {
  test(`a text's tokens are the library's own, ${lowercase ? "lower case" : "case kept"}`, (t) => {
    const described = describeTokenizer(lowercase);
    const folder = mkdtempSync(join(tmpdir(), "infer-deploy-tokeniser-"));
    t.after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(described));
    const tokenise = loadTokeniser(folder, 64);
    const library = new Tokenizer(described, {});
    for (const text of texts()) {
      assert.deepEqual(tokenise(text).ids, library.encode(text).ids, JSON.stringify(text));
    }
  });
}

/** All of Latin and more, one character at a time between letters, and a few of several words. */
function texts(): readonly string[] {
  const single = Array.from({ length: 0x250 }, (_, code) => `aB${String.fromCharCode(code)}Ba`);
  return [
    ...single,
    "",
    " ",
    "Ab [SEP] a-b",
    "a\tb\u0000B",
    "aB\u4e2da",
    "A\u0301b",
    "a\u{1f600}b",
    "~a!",
  ];
}

/** BERT's tokeniser over an alphabet: each letter and each sign is a word. */
function describeTokenizer(lowercase: boolean): object {
  const alphabet = Array.from({ length: 95 }, (_, code) => String.fromCharCode(32 + code));
  const words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "ab", "Ab", ...alphabet];
  const vocab = [...words, ...alphabet.map((letter) => `##${letter}`)];
  const special = { "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] } };
  return {
    added_tokens: words.slice(0, 4).map((content, id) => ({
      ...{ id, content, special: true, normalized: false },
      ...{ single_word: false, lstrip: false, rstrip: false },
    })),
    normalizer: {
      ...{ type: "BertNormalizer", clean_text: true, handle_chinese_chars: true },
      ...{ strip_accents: null, lowercase },
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [
        { SpecialToken: { id: "[CLS]", type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
      ],
      pair: [],
      special_tokens: special,
    },
    decoder: null,
    model: {
      ...{ type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##" },
      ...{ max_input_chars_per_word: 100 },
      vocab: Object.fromEntries(vocab.map((word, id) => [word, id])),
    },
  };
}
