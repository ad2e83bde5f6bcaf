"""SNS's subscriptions by e-mail: a reader confirms one before it gets anything."""

import uuid

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSInvalidParameter, SNSNotFoundError
from moto.sns.models import SNSBackend, Subscription
from moto.sns.responses import SNSResponse

from emulator.monitoring import mail
from emulator.patching import patches

PROTOCOLS = ("email", "email-json")
FOOT = "\n\n--\nThis mail stays in the local region."


@patches(SNSBackend, "subscribe")
def subscribe(moto, backend, topic_arn, endpoint, protocol):
    """AWS sends a token, which is valid for two days (Subscribe). Subscribing again sends it again."""
    found = moto(topic_arn, endpoint, protocol)
    if protocol in PROTOCOLS and not found.confirmed:
        found.attributes["PendingConfirmation"] = True
        found.attributes["ConfirmationWasAuthenticated"] = False
        found.token = uuid.uuid4().hex
        text = f"You have chosen to subscribe to the topic:\n{topic_arn}\n\nTo confirm this subscription, open:\n"
        link = f"https://sns.{backend.region_name}.amazonaws.com/confirmation.html?TopicArn={topic_arn}&Token={found.token}"
        mail.send(endpoint, "AWS Notification - Subscription Confirmation", text + link + FOOT)
    return found


@patches(SNSResponse, "subscribe")
def answer_subscribe(moto, response):
    """Without ReturnSubscriptionArn the answer for a pending subscription is a phrase (Subscribe)."""
    answer = moto()
    found = response.backend.subscriptions[answer.result["SubscriptionArn"]]
    if is_pending(found) and not response._get_bool_param("ReturnSubscriptionArn"):
        return ActionResult({"SubscriptionArn": "pending confirmation"})
    return answer


@patches(SNSResponse, "confirm_subscription")
def confirm_subscription(moto, response):
    token = response._get_param("Token")
    arn = response._get_param("TopicArn")
    for found in response.backend.subscriptions.values():
        if found.topic.arn == arn and token is not None and getattr(found, "token", None) == token:
            found.confirmed = True
            found.attributes["PendingConfirmation"] = False
            return ActionResult({"SubscriptionArn": found.arn})
    if arn not in response.backend.topics:
        return moto()
    raise SNSInvalidParameter("Invalid token")


@patches(SNSResponse, "list_subscriptions_by_topic")
def list_subscriptions_by_topic(moto, response):
    """A pending subscription is listed without an ARN (ListSubscriptionsByTopic)."""
    answer = moto()
    answer.result["Subscriptions"] = [listed(one) for one in answer.result["Subscriptions"]]
    return answer


@patches(SNSBackend, "unsubscribe")
def unsubscribe(moto, backend, subscription_arn):
    found = backend.subscriptions.get(subscription_arn)
    if found is not None and is_pending(found):
        raise SNSInvalidParameter("Invalid parameter: SubscriptionArn Reason: Cannot unsubscribe a subscription that is pending confirmation")
    return moto(subscription_arn)


@patches(SNSBackend, "list_subscriptions_by_topic")
def of_topic(moto, backend, topic_arn, next_token=None):
    if topic_arn not in backend.topics:
        raise SNSNotFoundError("Topic does not exist")
    return moto(topic_arn, next_token)


@patches(Subscription, "publish")
def publish(moto, subscription, message, message_id, subject=None, **more):
    if subscription.protocol not in PROTOCOLS:
        return moto(message, message_id, subject=subject, **more)
    if not is_pending(subscription):
        mail.send(subscription.endpoint, subject or "AWS Notification Message", message + FOOT)
    return None


def is_pending(subscription):
    return subscription.protocol in PROTOCOLS and not subscription.confirmed


def listed(one):
    arn = "PendingConfirmation" if is_pending(one) else one.arn
    return {"SubscriptionArn": arn, "Owner": one.owner, "Protocol": one.protocol, "Endpoint": one.endpoint, "TopicArn": one.topic_arn}
