import joblib
import litserve


class Irises(litserve.LitAPI):
    def setup(self, device):
        self.trained = joblib.load("model.joblib")

    def decode_request(self, request):
        return request["lengths"]

    def predict(self, lengths):
        [kind] = self.trained["model"].predict([lengths])
        return self.trained["names"][kind]

    def encode_response(self, name):
        return {"kind": name}


if __name__ == "__main__":
    litserve.LitServer(Irises(), accelerator="cpu").run(port=8000, generate_client_file=False)
