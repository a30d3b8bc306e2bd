"""A sentence encoder small enough to make in a test: eight words, three numbers each."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

WORDS = ("[UNK]", "bin", "lorry", "dog", "path", "tax", "bill", "the")
NUMBERS = np.array(
    [[0, 0, 0], [1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 0]],
    dtype=np.float32,
)


def make_encoder(folder: Path, numbers: np.ndarray = NUMBERS) -> Path:
    """Write ``model.onnx`` and ``tokenizer.json``: a look-up of each word's numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "sequence"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "sequence"])
    found = helper.make_tensor_value_info(
        "last_hidden_state", TensorProto.FLOAT, ["batch", "sequence", 3]
    )
    graph = helper.make_graph(
        [helper.make_node("Gather", ["numbers", "input_ids"], ["last_hidden_state"])],
        "tiny",
        [ids, mask],
        [found],
        [numpy_helper.from_array(numbers, "numbers")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, folder / "model.onnx")
    words = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, "[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.save(str(folder / "tokenizer.json"))
    return folder
