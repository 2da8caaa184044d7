"""Trains the model with PyTorch and saves it as ONNX."""

import io

import onnx
import torch
from digits import load, save
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 60

# The same model from each run on the same kind of processor.
torch.manual_seed(0)
torch.use_deterministic_algorithms(mode=True)
torch.set_num_threads(1)

learned, held_back = load()
network = nn.Sequential(
    nn.Unflatten(1, (1, 8, 8)),
    nn.Conv2d(1, 16, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(16, 32, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.Flatten(),
    nn.Dropout(0.2),
    nn.Linear(32 * 4 * 4, 10),
)
rows = TensorDataset(torch.from_numpy(learned.images / 16), torch.from_numpy(learned.labels))
optimizer = torch.optim.Adam(network.parameters())
for _ in range(EPOCHS):
    for images, labels in DataLoader(rows, batch_size=32, shuffle=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(images), labels).backward()
        optimizer.step()


class Classifier(nn.Module):
    """The network with what comes before and after it, so that the function need not know either."""

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return network(pixels / 16).softmax(dim=1)


classifier = Classifier().eval()
network.eval()
answers = classifier(torch.from_numpy(held_back.images)).argmax(dim=1).numpy()
print(f"accuracy on held-back digits: {(answers == held_back.labels).mean():.1%}")

file = io.BytesIO()
torch.onnx.export(
    classifier,
    (torch.zeros(1, 64),),
    file,
    input_names=["pixels"],
    output_names=["probabilities"],
    opset_version=18,
    dynamo=True,
    verbose=False,
)
model = onnx.load_from_string(file.getvalue())
# They say where this file lies on the machine that trained it.
for node in model.graph.node:
    node.ClearField("metadata_props")
# A version that onnxruntime 1.16 reads too, the last for the runtimes on Amazon Linux 2.
model.ir_version = 9
save(model.SerializeToString(), "digits.onnx", held_back)
