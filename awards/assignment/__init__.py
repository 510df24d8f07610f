"""Who reads what: a proposal for a round, of least cost, with loads as even as can be."""

from awards.assignment.impossible import Impossible
from awards.assignment.proposal import Proposal, propose, replacements
from awards.assignment.task import Task

__all__ = ["Impossible", "Proposal", "Task", "propose", "replacements"]
