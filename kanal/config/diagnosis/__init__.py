"""What `kanal check` looks at, and how it tells what it finds; it changes nothing."""
