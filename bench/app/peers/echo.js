// As little as fastify can do with a POST: its JSON is read, and a fixed answer of an embedding's size goes back. Usage: echo.js PORT
import { fastify } from "fastify";

const vector = Array.from({ length: 384 }, (_, index) => Math.sin(index) / 20);
const answer = Buffer.from(JSON.stringify({ object: "list", data: [{ embedding: vector }] }));
const app = fastify();
app.get("/readyz", async () => ({ status: "ready" }));
app.post("/v1/embeddings", async (_request, reply) =>
  reply.type("application/json; charset=utf-8").send(answer),
);
await app.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
