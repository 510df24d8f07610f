"""The score sheet of a round as a file of its own, with a fingerprint that anyone can check."""

from awards.proof.score_sheet import CHECKER, ScoreSheet, canonical, fingerprint

__all__ = ["CHECKER", "ScoreSheet", "canonical", "fingerprint"]
