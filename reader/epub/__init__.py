"""What reading, writing and editing an EPUB share: nothing else opens a zip file or scans XHTML."""
