"""What is counted about this server. Labels are closed sets: no id, no host, no text."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("quillgate_requests", "Answered HTTP requests", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "quillgate_request_seconds", "Seconds from arrival to answer", ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0),
)  # fmt: skip
VERDICTS = Counter("quillgate_verdicts", "Verdicts given", ["action", "engine"])
AUDIT_SECONDS = Histogram(
    "quillgate_audit_commit_seconds", "Seconds an audit entry waits for its commit",
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0),
)  # fmt: skip
AUDIT_QUEUE = Gauge("quillgate_audit_queue", "Audit entries waiting for a commit")
SOCKETS = Gauge("quillgate_live_sockets", "Open live sockets", ["kind"])
MAILS = Counter("quillgate_mails", "Mails, by what became of a try", ["outcome"])
