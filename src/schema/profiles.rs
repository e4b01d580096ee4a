diesel::table! {
    profiles (id) {
        id -> BigInt,
        version -> BigInt,
        state -> Text,
        state_detail -> Text,
        headline -> Text,
        photo -> Nullable<BigInt>,
        indexable -> Bool,
        content -> Text,
        private -> Text,
        first_published_at -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    portfolio_items (id) {
        id -> BigInt,
        owner -> BigInt,
        version -> BigInt,
        title -> Text,
        story -> Text,
        skills -> Text,
        links -> Text,
        visibility -> Text,
        removed -> Bool,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    portfolio_files (item_id, file_id) {
        item_id -> BigInt,
        file_id -> BigInt,
        place -> BigInt,
    }
}

diesel::table! {
    profile_sample_grants (item_id, viewer, bid) {
        item_id -> BigInt,
        viewer -> BigInt,
        bid -> BigInt,
        granted_at -> BigInt,
    }
}

diesel::table! {
    profile_references (id) {
        id -> BigInt,
        owner -> BigInt,
        name -> Text,
        company -> Text,
        email -> Text,
        state -> Text,
        words -> Text,
        asked_at -> BigInt,
        answered_at -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(portfolio_items, profile_sample_grants);
