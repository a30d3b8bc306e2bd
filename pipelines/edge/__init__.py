"""Every read and write: files, store, keys, logs, pages and workbooks."""
