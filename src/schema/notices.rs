//! Tables of `migrations/0150_notices.sql`.

diesel::table! {
    notifications (id) {
        id -> BigInt,
        fact -> BigInt,
        account -> BigInt,
        kind -> Text,
        about -> Text,
        topic -> Text,
        told -> Text,
        path -> Text,
        in_app -> Bool,
        mail -> Text,
        created_at -> BigInt,
        read_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    notice_preferences (id) {
        id -> BigInt,
        account -> BigInt,
        topic -> Text,
        mail -> Text,
    }
}

diesel::table! {
    quiet_hours (account) {
        account -> BigInt,
        from_minute -> BigInt,
        until_minute -> BigInt,
    }
}
