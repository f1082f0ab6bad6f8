"""Money recorded where there is no signal: the sheet of a meeting, and what a telephone kept until it could send."""
