"""A logistic regression on signs, in plain Python: which weights make marked letters likely.

Each step goes down the slope of one example, shorter for signs that were met often (Duchi, Hazan
and Singer, 2011: AdaGrad), and each weight is pulled towards nought, so that a sign weighs only
what several examples say of it.
"""

import random
from collections import Counter, defaultdict
from math import exp, sqrt

ROUNDS, STEP = 40, 0.25
# How strongly the weights of a family of signs are held near nought.
HELD = {"always": 0.0, "said": 0.01, "kin": 0.007, "company": 0.001, "beside": 0.02}


def learn(examples):
    """The weight of each sign. `examples` are (signs and amounts, what else speaks for, answer)."""
    examples = _without_chance(examples)
    weights, slopes = defaultdict(float), defaultdict(lambda: 1e-6)
    held = defaultdict(float, {sign: _held(sign) for signs, *_ in examples for sign, _ in signs})
    chance, order = random.Random(2026), list(examples)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for signs, given, answer in order:
            _step(weights, slopes, held, signs, likelihood(weights, signs, given) - answer)
    return dict(weights)


def _without_chance(examples):
    """Words that were near by only once say nothing."""
    often = Counter(sign for signs, *_ in examples for sign, _ in signs)
    return [
        ([one for one in signs if often[one[0]] > 1 or "near " not in one[0]], given, answer)
        for signs, given, answer in examples
    ]


def _step(weights, slopes, held, signs, error):
    for sign, amount in signs:
        slope = error * amount + held[sign] * weights[sign]
        slopes[sign] += slope * slope
        weights[sign] -= STEP * slope / sqrt(slopes[sign])


def likelihood(weights, signs, given):
    total = given + sum(weights[sign] * amount for sign, amount in signs if sign in weights)
    return 1 / (1 + exp(-max(-30, min(30, total))))


def _held(sign):
    first, *others = sign.split(" ")
    if first in ("always", "said", "kin"):
        return HELD[first]
    return HELD["company" if others[:1] == ["in"] else "beside"]
