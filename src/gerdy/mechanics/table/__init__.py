"""Gerdy's own body: tables that people edit, checked and mirrored into one model."""

from gerdy.mechanics.table.loading import muscle_groups, table

__all__ = ["muscle_groups", "table"]
