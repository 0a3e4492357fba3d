"""The facts, each with its source; imports nothing of Gerdy but its errors."""

from gerdy.atlas.store import Atlas, load_atlas, normal_form

__all__ = ["Atlas", "load_atlas", "normal_form"]
