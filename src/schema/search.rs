//! Tables of `migrations/0140_search.sql`.

diesel::table! {
    search_rebuilds (id) {
        id -> BigInt,
        asked_at -> BigInt,
        done -> BigInt,
        total -> BigInt,
        finished_at -> Nullable<BigInt>,
    }
}
