"""What `kanal check` looks at: the server, the queue, the surroundings, the records."""
