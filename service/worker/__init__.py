"""The door for time: attends the agenda and says that it lives. APScheduler lives here and nowhere else."""
