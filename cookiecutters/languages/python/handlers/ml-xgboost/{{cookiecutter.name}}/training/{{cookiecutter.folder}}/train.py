"""Trains the model with XGBoost and saves it as Universal Binary JSON."""

import numpy as np
import xgboost
from digits import load, save

COPIES = 3

learned, held_back = load()
# Trees decide by single pixels: noise keeps them from relying on one.
noise = np.random.default_rng(seed=0).normal(scale=2, size=(COPIES - 1, *learned.images.shape))
images = np.concatenate([learned.images, *np.clip(learned.images + noise, 0, 16)]).astype(np.float32)
labels = np.tile(learned.labels, COPIES)
parameters = {"objective": "multi:softprob", "num_class": 10, "max_depth": 4, "subsample": 0.8, "seed": 0, "nthread": 1}
model = xgboost.train(parameters, xgboost.DMatrix(images, labels), num_boost_round=60)
answers = model.inplace_predict(held_back.images).argmax(axis=1)
print(f"accuracy on held-back digits: {np.mean(answers == held_back.labels):.1%}")
save(bytes(model.save_raw("ubj")), "digits.ubj", held_back)
