"""What each command does; imported by ``pipelines.cli`` only when it is called."""
