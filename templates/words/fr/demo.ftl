demo =
    .preparing = La démonstration se prépare
    .preparing_more = Une dizaine de secondes au premier démarrage : six semaines de vie s’écrivent. Cette page se recharge d’elle-même.
    .clock_moved = Le temps a passé. Chaque échéance s’est déclenchée à son heure.
