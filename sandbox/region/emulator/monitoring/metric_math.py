"""The metric math of alarms: arithmetic, comparison, IF, FILL, SUM, AVG, MIN, MAX, ABS, CEIL, FLOOR."""

import ast
import math
import operator

from moto.cloudwatch.exceptions import ValidationError


def names(expression):
    """The ids that the expression needs."""
    called = {node.func.id for node in ast.walk(parse(expression)) if isinstance(node, ast.Call)}
    return {node.id for node in ast.walk(parse(expression)) if isinstance(node, ast.Name)} - called - {"REPEAT"}


def evaluate(expression, series):
    """{time: value}: a point wherever every series has one or FILL adds one. Division by zero gives no point."""
    tree = parse(expression)
    moments = sorted({at for name in names(expression) for at in series[name]})
    found = {}
    for at in moments:
        try:
            found[at] = float(compute(tree, series, at))
        except (Missing, ZeroDivisionError):
            continue
    return found


class Missing(Exception):
    """No datum at this time."""


def parse(expression):
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValidationError(f"Error in expression '{expression}': {error.msg}") from error


def compute(node, series, at):
    def value(part):
        return compute(part, series, at)

    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return node.value
    if isinstance(node, ast.Name):
        if at not in series[node.id]:
            raise Missing
        return series[node.id][at]
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        return ARITHMETIC[type(node.op)](value(node.left), value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -value(node.operand)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in COMPARISON:
        return int(COMPARISON[type(node.ops[0])](value(node.left), value(node.comparators[0])))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return call(node.func.id, node.args, value)
    raise ValidationError(f"the sandbox has no metric math for '{ast.unparse(node)}'")


def call(function, arguments, value):
    if function == "IF":
        chosen = arguments[1] if value(arguments[0]) else arguments[2]
        return value(chosen)
    if function == "FILL":
        return fill(arguments, value)
    if function in AGGREGATES:
        parts = arguments[0].elts if len(arguments) == 1 and isinstance(arguments[0], (ast.List, ast.Tuple)) else arguments
        present = []
        for part in parts:
            try:
                present.append(value(part))
            except Missing:
                # Aggregates skip series without a point.
                continue
        if not present:
            raise Missing
        return AGGREGATES[function](present)
    if function in SINGLE:
        return SINGLE[function](value(arguments[0]))
    raise ValidationError(f"the sandbox has no metric math function {function}")


def fill(arguments, value):
    try:
        return value(arguments[0])
    except Missing:
        if isinstance(arguments[1], ast.Name):
            raise
        return value(arguments[1])


ARITHMETIC = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
COMPARISON = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
AGGREGATES = {"SUM": sum, "MAX": max, "MIN": min, "AVG": lambda present: sum(present) / len(present)}
SINGLE = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}
