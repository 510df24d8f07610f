"""A number for a text that near-same texts nearly share (simhash, by Moses Charikar)."""

from hashlib import blake2b
from zlib import crc32

BITS = 64
LONGEST = 10_000  # words
FEWEST = 40  # A shorter text says too little of itself.
_MANY = 1_000  # Of so many runs of words, each fourth, chosen by its own hash, is enough.


def likeness(words):
    """A signed number of 64 bits, or None for a text too short to compare."""
    if len(words) < FEWEST:
        return None
    votes, voters = [0] * BITS, 0
    for mark in _marks(words[:LONGEST]):
        voters += 1
        for bit in range(BITS):
            votes[bit] += mark >> bit & 1
    number = sum(1 << bit for bit in range(BITS) if votes[bit] * 2 > voters)
    return number - (1 << BITS) if number >> (BITS - 1) else number


def distance(one, other):
    """In how many of its 64 bits a likeness differs from another: 0 is the same."""
    return ((one ^ other) & ((1 << BITS) - 1)).bit_count()


def _marks(words):
    runs = {" ".join(words[place : place + 3]).encode() for place in range(len(words) - 2)}
    chosen = [run for run in runs if crc32(run) % 4 == 0] if len(runs) > _MANY else runs
    return (int.from_bytes(blake2b(run, digest_size=8).digest()) for run in chosen)
