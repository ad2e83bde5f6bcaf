"""Makes a BERT of random weights when the image is built: its vectors mean nothing, and are the same each time."""
import torch
from optimum.onnxruntime import ORTModelForFeatureExtraction
from transformers import BertConfig, BertModel, BertTokenizerFast

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = [chr(number) for number in range(ord("a"), ord("z") + 1)]

with open("vocab.txt", "w") as file:
    file.write("\n".join(SPECIAL + LETTERS + [f"##{letter}" for letter in LETTERS]))
tokenizer = BertTokenizerFast("vocab.txt", model_max_length=128)
tokenizer.save_pretrained("model")

torch.manual_seed(0)
config = BertConfig(
    vocab_size=len(tokenizer),
    hidden_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=128,
    max_position_embeddings=128,
    # Wide enough that different texts have different vectors.
    initializer_range=0.2,
)
BertModel(config).eval().save_pretrained("model")
ORTModelForFeatureExtraction.from_pretrained("model", export=True).save_pretrained("model")
