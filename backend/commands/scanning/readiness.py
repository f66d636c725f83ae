"""A detector made ready at once, for a program that ends with it."""

import gc
import os

from backend.detection.engine import Detector
from backend.detection.rulebook import Rulebook


def ready_detector(*, rules_only: bool) -> Detector:
    """Return the detector, with the model read where it is asked.

    What is made for it stays until the end. The garbage collector would look at it time and again
    while it is made, and once more at the end; forked processes would copy it as they look.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy starts threads that nothing uses
    gc.disable()
    rulebook = Rulebook.load()
    detector = Detector(rulebook.rules_only if rules_only else rulebook)
    detector.detect("")
    gc.freeze()
    gc.enable()
    return detector
