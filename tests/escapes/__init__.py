"""What strangers may hand in to get out: every case is refused with a code, or bounded in time and memory."""
