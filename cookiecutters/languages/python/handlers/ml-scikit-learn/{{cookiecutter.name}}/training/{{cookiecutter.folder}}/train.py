"""Trains the model with scikit-learn and saves it as ONNX."""

from digits import load, save
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

learned, held_back = load()
model = make_pipeline(MinMaxScaler(), MLPClassifier(hidden_layer_sizes=(64,), max_iter=500, random_state=0))
model.fit(learned.images, learned.labels)
print(f"accuracy on held-back digits: {model.score(held_back.images, held_back.labels):.1%}")

# Versions that onnxruntime 1.16 reads too, the last for the runtimes on Amazon Linux 2.
onnx = to_onnx(
    model,
    initial_types=[("pixels", FloatTensorType([None, 64]))],
    options={"zipmap": False},
    target_opset=17,
)
onnx.ir_version = 8
save(onnx.SerializeToString(), "digits.onnx", held_back)
