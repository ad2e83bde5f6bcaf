#!/usr/bin/env node
// Gets three embeddings from the address in a `status --json` document and prints how similar the sentences are.
const status = JSON.parse(process.argv[2] ?? "{}");
const sentences = [
  "How do I reset my password?",
  "I forgot my login and need a new one.",
  "The glacier has lost a third of its ice.",
];
const response = await fetch(new URL("/v1/embeddings", status.url), {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ model: "all-MiniLM-L6-v2", input: sentences }),
});
if (!response.ok) {
  console.error(`POST /v1/embeddings answered ${response.status}: ${await response.text()}`);
  process.exit(1);
}
const vectors = (await response.json()).data.map((entry) => entry.embedding);
const similarity = (a, b) => a.reduce((sum, value, index) => sum + value * b[index], 0);

console.log(`\nThree sentences, embedded by ${status.url}:`);
for (const [index, sentence] of sentences.entries()) {
  console.log(`  ${index + 1}. ${sentence}`);
}
console.log("\nCosine similarity:");
for (const [a, b] of [
  [0, 1],
  [0, 2],
  [1, 2],
]) {
  console.log(`  ${a + 1} and ${b + 1}: ${similarity(vectors[a], vectors[b]).toFixed(3)}`);
}
console.log(`
Try next, in examples/embeddings (put node_modules/.bin first in PATH if your node is older than 22.12):
  ../../bin/infer-deploy.js status --sandbox demo
  curl -s ${status.url}/v1/embeddings -H 'content-type: application/json' -d '{"input":"hello"}'
  ../../bin/infer-deploy.js up --sandbox demo        (changes nothing)
  ../../bin/infer-deploy.js destroy --sandbox demo
  ../../bin/demo --down                              (removes the whole region)`);
