"""The parts work as modules and as one file: src/terraform/render/join-agent.ts joins them without their imports of each other."""
import ast
import builtins
import symtable
import unittest

from agent_parts import FILES, PARTS


class Parts(unittest.TestCase):
    def test_each_name_that_a_part_uses_is_its_own_or_imported(self):
        for name, module in PARTS.items():
            text = FILES[name].read_text()
            missing = {used for used in global_names(symtable.symtable(text, name, "exec")) if not hasattr(module, used)}
            self.assertEqual(missing - set(dir(builtins)), set(), name)

    def test_no_two_parts_define_the_same_name(self):
        owners = {}
        for name in PARTS:
            for defined in definitions(ast.parse(FILES[name].read_text())):
                owners.setdefault(defined, []).append(name)
        self.assertEqual({defined: names for defined, names in owners.items() if len(names) > 1}, {})


def global_names(table):
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return names.union(*map(global_names, table.get_children()))


def definitions(tree):
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (leaf.id for target in node.targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name))


if __name__ == "__main__":
    unittest.main()
