"""An independent network in autograd: written from the formulas, sharing no code with the app."""

from __future__ import annotations

import autograd.numpy as anp
from autograd import grad

ACTIVATIONS = {
    "sigmoid": lambda z: 0.5 * (anp.tanh(z / 2) + 1),
    "tanh": anp.tanh,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "leaky-relu": lambda z: anp.where(z > 0, z, 0.01 * z),
    "softplus": lambda z: anp.logaddexp(0.0, z),
    "identity": lambda z: z,
}


def cost(layers, activations, kind, parameters, inputs, targets):
    a, place = inputs, 0
    for before, units, activation in zip(layers, layers[1:], activations, strict=False):
        weights = anp.reshape(parameters[place : place + units * before], (units, before))
        biases = parameters[place + units * before : place + units * (before + 1)]
        place += units * (before + 1)
        z = anp.dot(a, weights.T) + biases
        a = ACTIVATIONS[activation](z)
    if kind == "squared-error":
        return anp.sum(0.5 * (a - targets) ** 2) / len(inputs)
    return -anp.sum(targets * anp.log(a) + (1 - targets) * anp.log(1 - a)) / len(inputs)


def gradient(layers, activations, kind, parameters, inputs, targets):
    return grad(lambda values: cost(layers, activations, kind, values, inputs, targets))(parameters)
