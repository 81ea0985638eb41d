"""What the end-to-end tests share: running systems, people, applications, a browser, a mailbox."""
