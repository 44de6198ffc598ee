"""Reads one site: which pages, in what order, how politely, and what they come to together."""

from checker.crawl.judge import judge, report_of, settled
from checker.crawl.report import site_report
from checker.crawl.visits import Limits, PageVisit, visits

__all__ = ["Limits", "PageVisit", "judge", "report_of", "settled", "site_report", "visits"]
