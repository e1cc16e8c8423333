"""The window: which takes what, who has applied before, one act from receipt to outcome, 容缺, countdown and receipt."""
