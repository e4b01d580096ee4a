base =
    .not_a_moment = Écrivez un moment, par exemple 2026-12-01T14:00:00Z.
    .not_a_day = Écrivez un jour qui existe, par exemple 2026-12-01.
    .not_a_zone = Ce fuseau horaire n’existe pas. Par exemple : Europe/Paris.
