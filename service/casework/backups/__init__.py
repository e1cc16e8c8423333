"""Backups: one state of the database and every file it refers to, as generations that share their files; made, verified, put back."""
