"""Models of the field's standard tool (``.osim`` files) as Gerdy's own records."""

from gerdy.mechanics.osim.loading import load_osim

__all__ = ["load_osim"]
