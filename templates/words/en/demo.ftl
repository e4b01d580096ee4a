demo =
    .preparing = The demo is getting ready
    .preparing_more = Some ten seconds at the first start: six weeks of life are being written. This page reloads by itself.
    .clock_moved = Time has passed. Each deadline fired at its own moment.
