//! Tables of `migrations/0070_interviews.sql`.

diesel::table! {
    interviews (id) {
        id -> BigInt,
        bid -> BigInt,
        job -> BigInt,
        assistant -> BigInt,
        client -> BigInt,
        organisation -> BigInt,
        state -> Text,
        starts_at -> Nullable<BigInt>,
        ends_at -> Nullable<BigInt>,
        sequence -> BigInt,
        details -> Text,
        proposed_at -> BigInt,
        changed_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    scorecards (id) {
        id -> BigInt,
        interview -> BigInt,
        author -> BigInt,
        content -> Text,
        written_at -> BigInt,
        delete_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    free_slots (id) {
        id -> BigInt,
        bid -> BigInt,
        starts_at -> BigInt,
        minutes -> BigInt,
    }
}
