"""The agent of a fleet is joined from its own folder only: what its parts need of the door would be missing on the instance."""
import ast
import sys
import unittest

from agent_parts import DOOR_FOLDER, FOLDER


def imported(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
    return found


class Folders(unittest.TestCase):
    def test_each_part_imports_pythons_own_library_and_parts_that_are_joined_with_it(self):
        agent = {path.stem for path in FOLDER.glob("*.py")}
        door = {path.stem for path in DOOR_FOLDER.glob("*.py")}
        for folder, known in ((FOLDER, agent), (DOOR_FOLDER, agent | door)):
            for path in folder.glob("*.py"):
                strange = {name for name in imported(path) if name.split(".")[0] not in sys.stdlib_module_names and name not in known}
                self.assertEqual(strange, set(), path.name)
