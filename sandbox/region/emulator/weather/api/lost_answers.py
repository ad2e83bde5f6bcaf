"""The answer is lost after the change was made: the connection is reset.

Every client has to expect it, and SDKs repeat such a request (AWS SDKs and Tools Reference Guide, Retry behavior: connection
errors are transient). What is repeated meets its own change: a conditional PutObject gets 412 (aws/aws-sdk-java-v2#6580).
"""

import threading

from emulator.weather.condition import Condition, count


class LostAnswers(Condition):
    name = "lost-answers"
    summary = "answers are lost after the change was made: the connection is reset"
    takes = "every how many answers of a service, such as 10"
    default = "10"

    def parse(self, text):
        return count(text)

    def begin(self):
        self.guard = threading.Lock()
        self.answers = {}

    def meet(self, call, proceed):
        answer = proceed()
        with self.guard:
            number = self.answers[call.service] = self.answers.get(call.service, 0) + 1
        if number % self.value == 0:
            raise ConnectionResetError
        return answer


CONDITION = LostAnswers()
