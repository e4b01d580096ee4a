//! Tables of `reviews`.

diesel::table! {
    reviews (id) {
        id -> BigInt,
        contract_id -> BigInt,
        round -> BigInt,
        side -> Text,
        author_id -> BigInt,
        subject_id -> BigInt,
        organisation_id -> BigInt,
        state -> Text,
        criteria -> Text,
        body -> Text,
        lang -> Text,
        experienced_on -> Text,
        counts -> Bool,
        written_at -> BigInt,
        published_at -> Nullable<BigInt>,
        reply -> Nullable<Text>,
        replied_at -> Nullable<BigInt>,
    }
}
