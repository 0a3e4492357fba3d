"""``gerdy interview``: one question at a time, saved after every answer."""

from gerdy.cli.interview.command import interview

__all__ = ["interview"]
