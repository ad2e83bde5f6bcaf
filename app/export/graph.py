"""The BERT encoder as an ONNX graph, written node by node, so that exporting needs no torch.

Two precisions. "exact": weights stored in 16 bits and computed in 32. "int8": weights of 8 bits, with a scale for each column, and
activations that are quantised to 8 bits at run time, with a range for each token. The usual dynamic quantisation uses one range for the
whole batch. A text's vector then depends on the other texts in it, with cosines down to 0.965 to the vector of the text alone.
"""

import numpy as np
from onnx import TensorProto, ModelProto, helper, numpy_helper

# Added to the scores of padding before softmax: exp(-10000) is exactly 0 in float32, so a text's
# vector does not depend on what it shares a batch with.
MASKED_SCORE = -10000.0
# The zero point of an unsigned byte: processors multiply those with signed weights fastest.
MIDDLE = 128
OPSET = 20  # the first with Gelu


def build_model(tensors: dict[str, np.ndarray], config: dict, precision: str) -> ModelProto:
    """tensors: name -> float32 weights as in the safetensors file; config: the model's config.json; precision: "exact" or "int8"."""
    graph = GraphBuilder(precision)
    hidden = _embeddings(graph, tensors, config)
    mask = _attention_mask(graph)
    for layer in range(config["num_hidden_layers"]):
        hidden = _encoder_layer(graph, tensors, config, f"encoder.layer.{layer}.", hidden, mask)
    graph.node("Identity", [hidden], output="last_hidden_state")
    return graph.finish(config["hidden_size"])


class GraphBuilder:
    """Collects nodes and weights, and names the values between them."""

    def __init__(self, precision: str) -> None:
        self.precision = precision
        self._nodes = []
        self._weights = {}
        self._quantised = {}

    def node(self, operator: str, inputs: list[str], output: str | None = None, **attributes) -> str:
        output = output or f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def quantised(self, value: str) -> tuple[str, str]:
        """A value quantised to bytes, row by row, at run time, and the rows' scales; computed once for all readers."""
        if value not in self._quantised:
            size = self.node("Shape", [value], start=-1)
            rows = self.node("Reshape", [value, self.node("Concat", [self.constant("all", np.array([-1])), size], axis=0)])
            largest = self.node("ReduceMax", [self.node("Abs", [rows]), self.constant("last_axis", np.array([-1]))], keepdims=0)
            # A token of all zeros must not divide by zero.
            above = self.node("Max", [largest, self.constant("smallest", np.float32(1e-12))])
            scale = self.node("Mul", [above, self.constant("step", np.float32(1 / 127))])
            middles = self.node(
                "Expand", [self.constant("middle_of_bytes", np.array([MIDDLE], np.uint8)), self.node("Shape", [scale])]
            )
            cut = self.node("QuantizeLinear", [rows, scale, middles], axis=0)
            column = self.node("Unsqueeze", [scale, self.constant("last_axis", np.array([-1]))])
            self._quantised[value] = (cut, column)
        return self._quantised[value]

    def constant(self, name: str, value: np.ndarray) -> str:
        self._weights.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def half(self, name: str, value: np.ndarray) -> str:
        """Stored in 16 bits, computed in 32: half the file, and vectors that agree to the sixth digit."""
        return self.node("Cast", [self.constant(name, value.astype(np.float16))], to=TensorProto.FLOAT)

    def finish(self, hidden_size: int) -> ModelProto:
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
            for name in ("input_ids", "attention_mask")
        ]
        output = helper.make_tensor_value_info(
            "last_hidden_state", TensorProto.FLOAT, ["batch", "sequence", hidden_size]
        )
        graph = helper.make_graph(self._nodes, "bert", inputs, [output], list(self._weights.values()))
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10, producer_name="infer-deploy"
        )


def _embeddings(graph: GraphBuilder, tensors: dict, config: dict) -> str:
    """Word + position + type 0. Rows are looked up in 16 bits and widened afterwards: widening the whole
    word table would cost 47 MB of memory in every process and be repeated at every start."""
    prefix = "embeddings."
    words = _words(graph, tensors[prefix + "word_embeddings.weight"])

    length = graph.node("Shape", ["input_ids"], start=1, end=2)
    table = graph.constant("positions", tensors[prefix + "position_embeddings.weight"].astype(np.float16))
    rows = graph.node("Slice", [table, graph.constant("zero", np.array([0])), length])
    positions = graph.node("Cast", [rows], to=TensorProto.FLOAT)

    kind = graph.constant("type", tensors[prefix + "token_type_embeddings.weight"][0])
    total = graph.node("Add", [graph.node("Add", [words, positions]), kind])
    return _layer_norm(graph, tensors, config, prefix + "LayerNorm", total)


def _words(graph: GraphBuilder, table: np.ndarray) -> str:
    if graph.precision == "exact":
        rows = graph.node("Gather", [graph.constant("words", table.astype(np.float16)), "input_ids"])
        return graph.node("Cast", [rows], to=TensorProto.FLOAT)
    values, scales = cut_to_int8(table, axis=1)
    rows = graph.node("Gather", [graph.constant("words", values), "input_ids"])
    scale = graph.node("Gather", [graph.constant("words_scale", scales), "input_ids"])
    return graph.node("Mul", [graph.node("Cast", [rows], to=TensorProto.FLOAT), scale])


def cut_to_int8(weights: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole numbers from -127 to 127, and along `axis` the scales that give the weights back."""
    scales = (np.abs(weights).max(axis=axis, keepdims=True) / 127).astype(np.float32)
    return np.round(weights / scales).astype(np.int8), scales


def _attention_mask(graph: GraphBuilder) -> str:
    """0 for tokens and MASKED_SCORE for padding, shaped [batch, 1, 1, sequence]."""
    kept = graph.node("Cast", ["attention_mask"], to=TensorProto.FLOAT)
    dropped = graph.node("Sub", [graph.constant("one", np.float32(1)), kept])
    scores = graph.node("Mul", [dropped, graph.constant("masked_score", np.float32(MASKED_SCORE))])
    return graph.node("Unsqueeze", [scores, graph.constant("mask_axes", np.array([1, 2]))])


def _encoder_layer(graph: GraphBuilder, tensors: dict, config: dict, prefix: str, hidden: str, mask: str) -> str:
    attended = _self_attention(graph, tensors, config, prefix + "attention.self.", hidden, mask)
    projected = _linear(graph, tensors, prefix + "attention.output.dense", attended)
    added = graph.node("Add", [projected, hidden])
    hidden = _layer_norm(graph, tensors, config, prefix + "attention.output.LayerNorm", added)

    wide = graph.node("Gelu", [_linear(graph, tensors, prefix + "intermediate.dense", hidden)])
    narrow = _linear(graph, tensors, prefix + "output.dense", wide)
    added = graph.node("Add", [narrow, hidden])
    return _layer_norm(graph, tensors, config, prefix + "output.LayerNorm", added)


def _self_attention(graph: GraphBuilder, tensors: dict, config: dict, prefix: str, hidden: str, mask: str) -> str:
    heads = config["num_attention_heads"]
    head_size = config["hidden_size"] // heads
    # 0 keeps the batch and sequence sizes of the input.
    split = graph.constant("split_heads", np.array([0, 0, heads, head_size]))
    merge = graph.constant("merge_heads", np.array([0, 0, heads * head_size]))

    def project(name: str, order: list[int]) -> str:
        by_head = graph.node("Reshape", [_linear(graph, tensors, prefix + name, hidden), split])
        return graph.node("Transpose", [by_head], perm=order)

    query = project("query", [0, 2, 1, 3])
    key = project("key", [0, 2, 3, 1])
    value = project("value", [0, 2, 1, 3])

    scale = graph.constant("scale", np.float32(head_size**-0.5))
    scores = graph.node("Mul", [graph.node("MatMul", [query, key]), scale])
    weights = graph.node("Softmax", [graph.node("Add", [scores, mask])], axis=-1)
    mixed = graph.node("Transpose", [graph.node("MatMul", [weights, value])], perm=[0, 2, 1, 3])
    return graph.node("Reshape", [mixed, merge])


def _linear(graph: GraphBuilder, tensors: dict, name: str, value: str) -> str:
    weight = tensors[name + ".weight"].T
    product = _product_int8(graph, name, weight, value) if graph.precision == "int8" else (
        graph.node("MatMul", [value, graph.half(name + ".weight", weight)])
    )
    return graph.node("Add", [product, graph.constant(name + ".bias", tensors[name + ".bias"])])


def _product_int8(graph: GraphBuilder, name: str, weight: np.ndarray, value: str) -> str:
    quantised, scale = graph.quantised(value)
    values, scales = cut_to_int8(weight, axis=0)
    middle = graph.constant("middle_of_byte", np.uint8(MIDDLE))
    product = graph.node("MatMulInteger", [quantised, graph.constant(name + ".weight", values), middle])
    # In the order of nodes that ONNX Runtime fuses.
    columns = graph.node("Mul", [graph.constant("one", np.float32(1)), graph.constant(name + ".scale", scales[0])])
    wide = graph.node("Mul", [graph.node("Cast", [product], to=TensorProto.FLOAT), columns])
    rows = graph.node("Mul", [wide, scale])
    shape = graph.node("Concat", [graph.node("Shape", [value], end=-1), graph.constant(name + ".size", np.array([weight.shape[1]]))], axis=0)
    return graph.node("Reshape", [rows, shape])


def _layer_norm(graph: GraphBuilder, tensors: dict, config: dict, name: str, value: str) -> str:
    scale = graph.constant(name + ".weight", tensors[name + ".weight"])
    bias = graph.constant(name + ".bias", tensors[name + ".bias"])
    return graph.node("LayerNormalization", [value, scale, bias], axis=-1, epsilon=config["layer_norm_eps"])
