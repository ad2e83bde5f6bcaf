import bentoml
import joblib


@bentoml.service
class Irises:
    def __init__(self) -> None:
        self.trained = joblib.load("model.joblib")

    @bentoml.api
    def classify(self, lengths: list[float]) -> str:
        [kind] = self.trained["model"].predict([lengths])
        return self.trained["names"][kind]
