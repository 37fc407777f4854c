"""Days on which anybody tries anything: all that the product lets people do, but for papers and files."""

from tests.random_walk.arranging import Arranging
from tests.random_walk.changing import Changing
from tests.random_walk.deciding import Deciding


class AnyDay(Deciding, Changing, Arranging):
    """The steps of `Days`, by whoever dares, and all that came with plans, requests, silence and settings."""
