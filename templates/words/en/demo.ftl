demo =
    .clock_moved = Time has passed. Each deadline fired at its own moment.
