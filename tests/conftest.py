"""What all tests share."""

from hypothesis import settings

# How long one example takes says more of what else the machine does than of the program: tests
# that are about time measure it themselves.
settings.register_profile("reader", deadline=None)
settings.load_profile("reader")
