"""The staff's doors to the awards: years that run on one side, the public record on the other."""

from awards.admin import cycles, feedback, meetings, nominations, published, results

__all__ = ["cycles", "feedback", "meetings", "nominations", "published", "results"]
