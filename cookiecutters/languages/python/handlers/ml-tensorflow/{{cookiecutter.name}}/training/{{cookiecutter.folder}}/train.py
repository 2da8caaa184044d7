"""Trains the model with TensorFlow and saves it as LiteRT, which TensorFlow Lite is called now."""

import keras
import tensorflow as tf
from digits import load, save
from keras import layers

# The same model from each run on the same kind of processor.
keras.utils.set_random_seed(0)
tf.config.experimental.enable_op_determinism()

learned, held_back = load()
model = keras.Sequential(
    [
        keras.Input((64,), name="pixels"),
        layers.Rescaling(1 / 16),
        layers.Reshape((8, 8, 1)),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(learned.images, learned.labels, epochs=60, batch_size=32, verbose=0)
_, accuracy = model.evaluate(held_back.images, held_back.labels, verbose=0)
print(f"accuracy on held-back digits: {accuracy:.1%}")
save(tf.lite.TFLiteConverter.from_keras_model(model).convert(), "digits.tflite", held_back)
