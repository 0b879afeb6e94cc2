"""Coverage-guided fuzzing of every way in. `python -m fuzz --help` says how."""
