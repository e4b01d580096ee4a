demo =
    .clock_moved = Le temps a passé. Chaque échéance s’est déclenchée à son heure.
