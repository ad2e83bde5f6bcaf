"""Loads the instance agent, which has no .py ending, as the module `agent`."""
import importlib.machinery
import importlib.util
import pathlib
import sys

PATH = pathlib.Path(__file__).parents[2] / "templates" / "instance" / "infer-deploy-agent"

# Instances get its folder file by file, so leave no __pycache__ there.
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("agent", str(PATH))
agent = importlib.util.module_from_spec(importlib.util.spec_from_loader("agent", loader))
loader.exec_module(agent)
