"""Complaints by the Ombudsmen's Complaint Handling Codes: what counts, the clocks, the figures."""

from insight.complaints.figures import DECIDED, REQUEST, UPHELD, complaints_results

__all__ = ["DECIDED", "REQUEST", "UPHELD", "complaints_results"]
