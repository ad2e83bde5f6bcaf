"""Load balancer metrics come once a minute, and alarms are evaluated on whole periods.

Elastic Load Balancing measures and sends its metrics in 60-second intervals (CloudWatch metrics for your Application Load
Balancer). CloudWatch evaluates an alarm with a period of a minute or more once a minute (Evaluating an alarm).
"""

from emulator.weather.condition import Condition, seconds


class SlowMetrics(Condition):
    name = "slow-metrics"
    summary = "load balancer metrics come once a minute and late; alarms look at whole periods"
    takes = "how long the metrics of a period take to appear"
    default = "2m"

    def parse(self, text):
        return seconds(text)


CONDITION = SlowMetrics()
