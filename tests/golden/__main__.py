"""`python -m tests.golden update`."""

import sys

from tests.golden import update


def main(arguments: list[str]) -> int:
    if arguments != ["update"]:
        print("usage: python -m tests.golden update", file=sys.stderr)
        return 2
    update()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
