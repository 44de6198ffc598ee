"""Reads one site: which pages, in what order, how politely, and what they come to together."""

from checker.crawl.report import report_of, site_report
from checker.crawl.visits import Limits, Visit, visits

__all__ = ["Limits", "Visit", "report_of", "site_report", "visits"]
