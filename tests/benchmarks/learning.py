"""A logistic regression on signs, in plain Python: which weights make marked letters likely.

Each step goes down the slope of one example, shorter for signs that were met often (Duchi, Hazan
and Singer, 2011: AdaGrad), and each weight is pulled towards nought, so that a sign weighs only
what several examples say of it.
"""

import random
from collections import Counter, defaultdict
from math import exp, sqrt

ROUNDS, STEP = 25, 0.25
PULL = 0.3  # of each weight towards nought, shared among the examples that have the sign


def learn(examples):
    """The weight of each sign, from examples: (signs and amounts, what else speaks for, answer, how
    much it counts)."""
    examples = _without_chance(list(examples))
    weights, slopes = defaultdict(float), defaultdict(lambda: 1e-6)
    often = Counter(sign for signs, *_ in examples for sign, _ in signs)
    held = {sign: PULL / number for sign, number in often.items()} | {"always": 0}
    chance, order = random.Random(2026), list(examples)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for signs, given, answer, counts in order:
            error = counts * (likelihood(weights, signs, given) - answer)
            _step(weights, slopes, held, signs, error)
    return dict(weights)


def _without_chance(examples):
    """Words that were near by only once say nothing."""
    often = Counter(sign for signs, *_ in examples for sign, _ in signs)
    return [
        ([one for one in signs if often[one[0]] > 1 or "near " not in one[0]], *others)
        for signs, *others in examples
    ]


def _step(weights, slopes, held, signs, error):
    for sign, amount in signs:
        slope = error * amount + held[sign] * weights[sign]
        slopes[sign] += slope * slope
        weights[sign] -= STEP * slope / sqrt(slopes[sign])


def likelihood(weights, signs, given):
    total = given + sum(weights[sign] * amount for sign, amount in signs if sign in weights)
    return 1 / (1 + exp(-max(-30, min(30, total))))
