//! Tables of `migrations/0060_bids.sql`.

diesel::table! {
    bids (id) {
        id -> BigInt,
        job -> BigInt,
        assistant -> BigInt,
        organisation -> BigInt,
        client -> BigInt,
        state -> Text,
        live -> Bool,
        rate_kind -> Text,
        rate_minor -> BigInt,
        rate_hours -> Nullable<BigInt>,
        currency -> Text,
        number -> BigInt,
        invited -> Bool,
        sent_at -> BigInt,
        seen_at -> Nullable<BigInt>,
        valid_until -> BigInt,
        details -> Text,
        changed_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    bid_versions (id) {
        id -> BigInt,
        bid -> BigInt,
        number -> BigInt,
        content -> Text,
        until -> BigInt,
    }
}

diesel::table! {
    bid_drafts (id) {
        id -> BigInt,
        job -> BigInt,
        account -> Nullable<BigInt>,
        visitor -> Nullable<BigInt>,
        content -> Text,
        saved_at -> BigInt,
    }
}

diesel::table! {
    sample_grants (id) {
        id -> BigInt,
        bid -> BigInt,
        item -> BigInt,
        asked_at -> Nullable<BigInt>,
        granted_at -> Nullable<BigInt>,
    }
}
