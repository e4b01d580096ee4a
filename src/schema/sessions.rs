//! Tables of `migrations/0002_sessions.sql`, written by `kit/token` alone.

diesel::table! {
    sessions (id) {
        id -> BigInt,
        account -> BigInt,
        way -> Text,
        holder -> Text,
        agent -> Text,
        created_at -> BigInt,
        seen_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        ended_why -> Nullable<Text>,
        generation -> BigInt,
    }
}

diesel::table! {
    refresh_tokens (id) {
        id -> BigInt,
        session -> BigInt,
        hash -> Text,
        created_at -> BigInt,
        spent_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    kept_posts (id) {
        id -> BigInt,
        account -> BigInt,
        path -> Text,
        body -> Text,
        expires_at -> BigInt,
    }
}
