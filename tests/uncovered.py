"""Long work whose lines shorter tests cover runs without being measured, and so in less time."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncovered() -> Iterator[None]:
    """Measure no coverage inside, where any is measured at all."""
    try:
        from coverage import Coverage
    except ImportError:
        yield
        return
    measuring = Coverage.current()
    if measuring is not None:
        measuring.stop()
    try:
        yield
    finally:
        if measuring is not None:
            measuring.start()
