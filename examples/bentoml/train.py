"""Trains the model when the image is built: which kind of iris a flower is, by four lengths in centimetres."""
import joblib
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

flowers = load_iris()
model = LogisticRegression(max_iter=1000).fit(flowers.data, flowers.target)
joblib.dump({"model": model, "names": [str(name) for name in flowers.target_names]}, "model.joblib")
