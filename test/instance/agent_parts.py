"""Loads the parts of the instance agent as modules: after `import agent_parts`, a test imports `aws`, `docker` and so on."""
import importlib
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parents[2] / "templates" / "instance" / "agent"

# The folder is part of the package: no __pycache__ in it.
sys.dont_write_bytecode = True
sys.path.insert(0, str(FOLDER))
PARTS = {path.stem: importlib.import_module(path.stem) for path in sorted(FOLDER.glob("*.py"))}


def replace(test, name, value):
    """Gives a name another value until the end of the test, in every part that has it."""
    for part in PARTS.values():
        if name in vars(part):
            test.addCleanup(setattr, part, name, getattr(part, name))
            setattr(part, name, value)
