"""Loads the parts of the instance's programs as modules: after `import agent_parts`, a test imports `aws`, `docker` and so on."""
import importlib
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parents[2] / "templates" / "instance" / "agent"
DOOR_FOLDER = FOLDER.parent / "door"

# The folders are part of the package: no __pycache__ in them.
sys.dont_write_bytecode = True
sys.path[:0] = [str(FOLDER), str(DOOR_FOLDER)]
FILES = {path.stem: path for folder in (FOLDER, DOOR_FOLDER) for path in sorted(folder.glob("*.py"))}
PARTS = {name: importlib.import_module(name) for name in FILES}


def replace(test, name, value):
    """Gives a name another value until the end of the test, in every part that has it."""
    for part in PARTS.values():
        if name in vars(part):
            test.addCleanup(setattr, part, name, getattr(part, name))
            setattr(part, name, value)
