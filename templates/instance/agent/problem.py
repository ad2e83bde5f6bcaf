"""An error whose text is for people."""


class Problem(Exception):
    """`state`: the agent's state that reports it. `denied`: a refusal, which may pass while the role is new. `definite`: trying again does not help."""

    def __init__(self, text, state="failed", denied=False, definite=False):
        super().__init__(text)
        self.state, self.denied, self.definite = state, denied, definite
