"""Composite alarms, whose state follows from their rule over other alarms."""

import ast
import re

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse

from emulator.monitoring import alarm_actions
from emulator.patching import adds, patches


@adds(CloudWatchResponse, "put_composite_alarm")
def put_composite_alarm(response):
    """Each alarm of the rule must exist (PutCompositeAlarm)."""
    backend, rule = response.cloudwatch_backend, response._get_param("AlarmRule")
    missing = [name for name in children(rule) if name not in backend.alarms]
    if missing:
        raise ValidationError(f"Could not save the composite alarm as alarms [{', '.join(missing)}] in the alarm rule do not exist")
    answer = response.put_metric_alarm()
    settle(backend, backend.alarms[response._get_param("AlarmName")])
    return answer


@patches(CloudWatchResponse, "describe_alarms")
def describe_alarms(moto, response):
    """Without AlarmTypes only metric alarms are described (DescribeAlarms)."""
    answer, types = moto(), response._get_param("AlarmTypes", []) or ["MetricAlarm"]
    for kind in ("MetricAlarm", "CompositeAlarm"):
        if kind not in types:
            answer.result[f"{kind}s"] = []
    return answer


@patches(CloudWatchBackend, "set_alarm_state")
def set_alarm_state(moto, backend, alarm_name, reason, reason_data, state_value):
    before = backend.alarms[alarm_name].state_value if alarm_name in backend.alarms else None
    answer = moto(alarm_name, reason, reason_data, state_value)
    if before != state_value:
        alarm_actions.run(backend, backend.alarms[alarm_name], before)
        for alarm in list(backend.alarms.values()):
            if alarm.rule is not None and alarm_name in children(alarm.rule):
                settle(backend, alarm)
    return answer


def settle(backend, alarm):
    """A composite alarm is ALARM while its rule is true, else OK."""
    states = {name: one.state_value for name, one in backend.alarms.items()}
    state = "ALARM" if holds(parse(alarm.rule), states) else "OK"
    if state != alarm.state_value:
        backend.set_alarm_state(alarm.name, f"{alarm.rule} is {'true' if state == 'ALARM' else 'false'}", None, state)


def children(rule):
    return [argument(node) for node in ast.walk(parse(rule)) if isinstance(node, ast.Call)]


def parse(rule):
    """The rule as an expression of Python's: its operators are the same words, in lower case."""
    # A name may stand without quotes (PutCompositeAlarm, AlarmRule).
    quoted = re.sub(r"\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*([^\"')\s][^)]*?)\s*\)", r'\1("\2")', rule)
    words = {"AND": "and", "OR": "or", "NOT": "not", "TRUE": "True", "FALSE": "False"}
    pieces = re.split(r'("[^"]*")', quoted)
    text = "".join(one if one.startswith('"') else re.sub(r"\b(AND|OR|NOT|TRUE|FALSE)\b", lambda found: words[found[1]], one) for one in pieces)
    try:
        return ast.parse(f"({text})", mode="eval").body
    except SyntaxError as error:
        raise ValidationError(f"AlarmRule must not contain invalid syntax: {error.msg}") from error


def holds(node, states):
    if isinstance(node, ast.BoolOp):
        return (all if isinstance(node.op, ast.And) else any)(holds(value, states) for value in node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not holds(node.operand, states)
    if isinstance(node, ast.Constant):
        return bool(node.value)
    if isinstance(node, ast.Call):
        return states.get(argument(node)) == node.func.id
    raise ValidationError(f"AlarmRule must not contain {ast.unparse(node)}")


def argument(node):
    return node.args[0].value
