"""The command line: one click command per file; `service.main` adds those that start web and worker."""
