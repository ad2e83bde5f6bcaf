"""Reads releases, one in JSON a line, and prints what the agent has Docker set for each: a JSON list of NAME=VALUE."""
import json
import pathlib
import sys

# The folder is part of the package: no __pycache__ in it.
sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "templates" / "instance" / "agent"))

from container import container_config

for line in sys.stdin:
    config = container_config(json.loads(line), {"env": {}, "file": {}}, "eu-central-1", "i-1", "")
    print(json.dumps(config["Env"]))
