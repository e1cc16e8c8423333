"""综合窗口: which window takes what, who applies, one act from 收件 to the outcome, what still waits, and the receipt."""
