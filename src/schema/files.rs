diesel::table! {
    files (id) {
        id -> BigInt,
        owner -> BigInt,
        name -> Text,
        mime -> Text,
        bytes -> BigInt,
        sha256 -> Text,
        object_key -> Text,
        width -> Nullable<BigInt>,
        height -> Nullable<BigInt>,
        thumbnail_key -> Nullable<Text>,
        created_at -> BigInt,
        removed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    file_grants (file_id, subject, viewer) {
        file_id -> BigInt,
        subject -> Text,
        viewer -> BigInt,
    }
}

diesel::joinable!(file_grants -> files (file_id));
diesel::allow_tables_to_appear_in_same_query!(files, file_grants);
