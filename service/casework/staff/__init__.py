"""Administration of the organisation: accounts, roles by two persons, departments, posts, windows and postings."""
