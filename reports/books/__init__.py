"""The books of a group: one declared form each, filled once, shown on screen, on paper and as Excel."""
