"""What an alarm does when its state changes: it publishes to SNS topics. Other actions are not modelled."""

import json

from moto.sns.models import sns_backends

ACTIONS = {"ALARM": "alarm_actions", "OK": "ok_actions", "INSUFFICIENT_DATA": "insufficient_data_actions"}


def run(backend, alarm, before):
    if not alarm.actions_enabled:
        return
    for arn in getattr(alarm, ACTIONS[alarm.state_value]) or []:
        parts = arn.split(":")
        if parts[2] != "sns":
            continue
        topic = sns_backends[parts[4]][parts[3]].topics.get(arn)
        if topic is not None and admits(topic, backend.account_id, "cloudwatch.amazonaws.com"):
            topic.publish(json.dumps(message(backend, alarm, before)), subject=subject(backend, alarm))


def admits(topic, account, service):
    """Whether the topic's policy lets the service publish for this account, and its key lets it encrypt. The policy of AWS's managed key does
    not (Encrypting Amazon SNS topics, "CloudWatch alarms")."""
    if topic.kms_master_key_id.endswith("alias/aws/sns"):
        return False
    return any(allows(statement, account, service) for statement in json.loads(topic.policy)["Statement"])


def allows(statement, account, service):
    principal, actions = statement.get("Principal"), as_list(statement.get("Action"))
    who = principal == "*" or "*" in as_list(principal.get("AWS")) or service in as_list(principal.get("Service"))
    what = any(action.lower() in ("sns:publish", "sns:*") for action in actions)
    conditions = {key: value for tests in statement.get("Condition", {}).values() for key, value in tests.items()}
    accounts = [value for key, value in conditions.items() if key.lower() in ("aws:sourceaccount", "aws:sourceowner")]
    return statement.get("Effect") == "Allow" and who and what and all(account in as_list(value) for value in accounts)


def as_list(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def subject(backend, alarm):
    return f'{alarm.state_value}: "{alarm.name}" in {backend.region_name}'[:100]


def message(backend, alarm, before):
    """The fields that receivers read (Amazon SNS message of a CloudWatch alarm)."""
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": backend.account_id,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": alarm.state_updated_timestamp.isoformat(),
        "Region": backend.region_name,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before,
        **({"AlarmRule": alarm.rule} if alarm.rule is not None else {}),
    }
