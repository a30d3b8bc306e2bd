"""Plain steps in a plain order: read from the store, call ``insight``, write to the store.

Nothing here knows of Prefect; the flows wrap these functions, and the tests call them.
"""
