"""What the system administrator watches: the agenda, scheduled jobs, external tasks, deployments, the state of the system."""
