"""The door for people and their programs: pages, `/api/v1`, `/engine-rest`. Flask lives here and nowhere else."""
