base =
    .not_a_moment = Write a moment, for example 2026-12-01T14:00:00Z.
    .not_a_day = Write a day that exists, for example 2026-12-01.
    .not_a_zone = This time zone does not exist. For example: Europe/Paris.
