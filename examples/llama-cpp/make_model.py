"""Writes a llama of random weights when the image is built: what it says means nothing, and is the same each time."""
import gguf
import numpy

WIDTH, HEADS, LAYERS, HIDDEN, CONTEXT = 64, 4, 2, 128, 512
WORDS = "a the model server answer word line of and to in is with for on when it has one two".split()
TEMPLATE = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant:"

control = ["<unk>", "<s>", "</s>"]
# A text has other characters than those of the words: they are read byte by byte.
raw_bytes = [f"<0x{number:02X}>" for number in range(256)]
tokens = control + raw_bytes + [f"\u2581{word}" for word in WORDS]
kinds = gguf.TokenType
types = [kinds.UNKNOWN, kinds.CONTROL, kinds.CONTROL] + [kinds.BYTE] * 256 + [kinds.NORMAL] * len(WORDS)

writer = gguf.GGUFWriter("model.gguf", "llama")
writer.add_context_length(CONTEXT)
writer.add_embedding_length(WIDTH)
writer.add_block_count(LAYERS)
writer.add_feed_forward_length(HIDDEN)
writer.add_head_count(HEADS)
writer.add_head_count_kv(HEADS)
writer.add_rope_dimension_count(WIDTH // HEADS)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_vocab_size(len(tokens))
writer.add_tokenizer_model("llama")
writer.add_token_list(tokens)
writer.add_token_scores([0.0] * len(tokens))
writer.add_token_types(types)
writer.add_unk_token_id(0)
writer.add_bos_token_id(1)
writer.add_eos_token_id(2)
writer.add_chat_template(TEMPLATE)

random = numpy.random.default_rng(0)


def add(name: str, *shape: int) -> numpy.ndarray:
    weights = random.normal(0, 0.2, shape).astype(numpy.float32)
    writer.add_tensor(f"{name}.weight", weights)
    return weights


add("token_embd", len(tokens), WIDTH)
for layer in range(LAYERS):
    for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
        add(f"blk.{layer}.{part}", WIDTH, WIDTH)
    add(f"blk.{layer}.ffn_gate", HIDDEN, WIDTH)
    add(f"blk.{layer}.ffn_up", HIDDEN, WIDTH)
    add(f"blk.{layer}.ffn_down", WIDTH, HIDDEN)
    for norm in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"blk.{layer}.{norm}.weight", numpy.ones(WIDTH, numpy.float32))
writer.add_tensor("output_norm.weight", numpy.ones(WIDTH, numpy.float32))
# Only words have weights here, so that an answer is words, and continues until `max_tokens`.
output = add("output", len(tokens), WIDTH)
output[: -len(WORDS)] = 0

writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
