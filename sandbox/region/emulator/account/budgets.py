"""Budgets: the parts that Terraform's provider reads after it created one, and the messages when a test reports costs."""

import json

from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import BudgetsBackend, budgets_backends
from moto.budgets.responses import BudgetsResponse
from moto.core.exceptions import JsonRESTError
from moto.sns.models import sns_backends

from emulator.monitoring import mail
from emulator.monitoring.alarm_actions import admits
from emulator.patching import adds, patches


@patches(BudgetsResponse, "create_budget")
def create_budget(moto, response):
    """AWS keeps the tags of the request (CreateBudget, ResourceTags)."""
    for one in response._get_param("NotificationsWithSubscribers", []):
        check_subscribers(response, one["Subscribers"])
    answer = moto()
    tags_of(response, response._get_param("Budget")["BudgetName"]).update(as_dict(response._get_param("ResourceTags", [])))
    return answer


@patches(BudgetsBackend, "delete_budget")
def delete_budget(moto, backend, account_id, budget_name):
    answer = moto(account_id, budget_name)
    tag_store(backend).pop(budget_name, None)
    return answer


@adds(BudgetsResponse, "describe_subscribers_for_notification")
def describe_subscribers_for_notification(response):
    return json.dumps({"Subscribers": subscribers(notification(response, response._get_param("Notification")))})


@adds(BudgetsResponse, "create_subscriber")
def create_subscriber(response):
    check_subscribers(response, [response._get_param("Subscriber")])
    subscribers(notification(response, response._get_param("Notification"))).append(response._get_param("Subscriber"))
    return "{}"


@adds(BudgetsResponse, "delete_subscriber")
def delete_subscriber(response):
    found = notification(response, response._get_param("Notification"))
    found.subscribers = [one for one in subscribers(found) if one != response._get_param("Subscriber")]
    return "{}"


@adds(BudgetsResponse, "update_budget")
def update_budget(response):
    """Replaces the budget and keeps its notifications; what was spent is 0 until AWS counts again (UpdateBudget, NewBudget)."""
    new = response._get_param("NewBudget")
    found = budget(response, new["BudgetName"]).budget
    found.pop("CalculatedSpend", None)
    found.update(new)
    return "{}"


@adds(BudgetsResponse, "list_tags_for_resource")
def list_tags_for_resource(response):
    tags = tags_of(response, named(response))
    return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]})


@adds(BudgetsResponse, "tag_resource")
def tag_resource(response):
    tags_of(response, named(response)).update(as_dict(response._get_param("ResourceTags", [])))
    return "{}"


@adds(BudgetsResponse, "untag_resource")
def untag_resource(response):
    for key in response._get_param("ResourceTagKeys", []):
        tags_of(response, named(response)).pop(key, None)
    return "{}"


def check_subscribers(response, wanted):
    """A topic exists, and its policy lets Budgets publish (Creating an Amazon SNS topic for budget notifications); at most one for each."""
    topics = [one["Address"] for one in wanted if one["SubscriptionType"] == "SNS"]
    if len(topics) > 1:
        raise JsonRESTError("CreationLimitExceededException", "A notification has at most one SNS subscriber.")
    for arn in topics:
        topic = topic_of(arn)
        account = response._get_param("AccountId") or response.current_account
        if topic is None or not admits(topic, account, SERVICE):
            raise JsonRESTError("InvalidParameterException", f"Invalid SNS topic: {arn}")


def report_costs(body):
    """PUT /_sandbox/budget-costs: what the month has cost so far and will cost, in USD. The budget has it, and its notifications above their thresholds are sent."""
    for account, _, backend in budgets_backends.iter_backends():
        found = backend.budgets[account].get(body["budget"])
        if found is None:
            continue
        limit = float(found.budget["BudgetLimit"]["Amount"])
        amounts = {"ACTUAL": body.get("actual", 0), "FORECASTED": body.get("forecast", 0)}
        found.budget["CalculatedSpend"] = calculated(body)
        for one in found.notifications:
            share = 100 * amounts[one.details["NotificationType"]] / limit
            if share > float(one.details["Threshold"]):
                for subscriber in subscribers(one):
                    tell(subscriber, account, body["budget"], one.details)
    return {}


def calculated(costs):
    """AWS leaves the forecast out while it has none (CalculatedSpend)."""
    named = {"ActualSpend": costs.get("actual", 0), "ForecastedSpend": costs.get("forecast")}
    return {name: {"Amount": str(usd), "Unit": "USD"} for name, usd in named.items() if usd is not None}


def tell(subscriber, account, name, details):
    subject = f"AWS Budgets: {name} has exceeded your alert threshold"
    text = f"{details['NotificationType']} {details['Threshold']:g} % of the budget {name} of the account {account}"
    if subscriber["SubscriptionType"] == "EMAIL":
        mail.send(subscriber["Address"], subject, text)
        return
    topic = topic_of(subscriber["Address"])
    if topic is not None and admits(topic, account, SERVICE):
        topic.publish(text, subject=subject)


def topic_of(arn):
    parts = arn.split(":")
    return sns_backends[parts[4]][parts[3]].topics.get(arn) if len(parts) == 6 and parts[2] == "sns" else None


def budget(response, name):
    account = response._get_param("AccountId") or response.current_account
    found = response.backend.budgets[account].get(name)
    if found is None:
        raise NotFoundException(f"Unable to get budget: {name} - the budget doesn't exist.")
    return found


def notification(response, wanted):
    for one in budget(response, response._get_param("BudgetName")).notifications:
        if all(str(one.details.get(key)) == str(wanted.get(key)) for key in IDENTITY if key in wanted):
            return one
    raise NotFoundException("Unable to get subscribers - the notification doesn't exist.")


def subscribers(found):
    found.subscribers = list(found.subscribers or [])
    return found.subscribers


def tags_of(response, name):
    budget(response, name)
    return tag_store(response.backend).setdefault(name, {})


def tag_store(backend):
    return backend.__dict__.setdefault("sandbox_tags", {})


def named(response):
    """arn:aws:budgets::123456789012:budget/NAME"""
    return response._get_param("ResourceARN").split(":budget/", 1)[1]


def as_dict(tags):
    return {tag["Key"]: tag["Value"] for tag in tags}


SERVICE = "budgets.amazonaws.com"
IDENTITY = ("NotificationType", "ComparisonOperator", "Threshold")
