"""Flows, their plain steps, the command line, and every read and write (``edge``)."""
