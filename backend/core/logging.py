"""JSON log lines on standard error; only what we name ourselves, never a request's text."""

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Send our events, and the warnings of libraries without their arguments, as JSON lines."""
    number = logging.getLevelName(level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whatever it is by then
    )
    handler = _LibraryHandler()
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)


class _LibraryHandler(logging.Handler):
    """Keeps who logged and the first line of the template; whatever else there is may hold text."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        template = str(record.msg).partition("\n")[0][:200]
        structlog.get_logger(record.name).log(
            record.levelno, "library", logger=record.name, template=template, kind=kind
        )
