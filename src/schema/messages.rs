//! Tables of `migrations/0040_messages.sql`.

diesel::table! {
    threads (id) {
        id -> BigInt,
        kind -> Text,
        subject -> Text,
        title -> Text,
        opened_at -> BigInt,
        last_at -> BigInt,
    }
}

diesel::table! {
    participants (id) {
        id -> BigInt,
        thread -> BigInt,
        account -> BigInt,
        alias -> Nullable<Text>,
        seen -> BigInt,
        seen_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    messages (id) {
        id -> BigInt,
        thread -> BigInt,
        author -> BigInt,
        body -> Text,
        files -> Text,
        written_at -> BigInt,
        delivered_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    message_edits (id) {
        id -> BigInt,
        message -> BigInt,
        body -> Text,
        until -> BigInt,
    }
}

diesel::joinable!(participants -> threads (thread));
diesel::allow_tables_to_appear_in_same_query!(participants, threads);
