//! Tables of `migrations/0050_jobs.sql`.

diesel::table! {
    jobs (id) {
        id -> BigInt,
        version -> BigInt,
        organisation_id -> Nullable<BigInt>,
        author_id -> Nullable<BigInt>,
        visitor -> Nullable<BigInt>,
        state -> Text,
        state_details -> Text,
        title -> Text,
        description -> Text,
        mode -> Nullable<Text>,
        rate_kind -> Nullable<Text>,
        rate_minor -> Nullable<BigInt>,
        currency -> Nullable<Text>,
        rate_hours -> Nullable<BigInt>,
        zone -> Text,
        visibility -> Text,
        blind -> Bool,
        positions -> BigInt,
        filled -> BigInt,
        demoted -> Bool,
        details -> Text,
        views -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        first_opened_at -> Nullable<BigInt>,
        opened_at -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    job_manuals (id) {
        id -> BigInt,
        job_id -> BigInt,
        number -> BigInt,
        public_part -> Text,
        hired_part -> Text,
        saved_by -> Nullable<BigInt>,
        saved_at -> BigInt,
    }
}

diesel::table! {
    job_invitations (id) {
        id -> BigInt,
        job_id -> BigInt,
        assistant_id -> BigInt,
        invited_by -> BigInt,
        message -> Text,
        state -> Text,
        word -> Text,
        passed_to -> Nullable<BigInt>,
        direct -> Bool,
        created_at -> BigInt,
        answered_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    job_questions (id) {
        id -> BigInt,
        job_id -> BigInt,
        asked_by -> BigInt,
        question -> Text,
        answer -> Nullable<Text>,
        asked_at -> BigInt,
        answered_at -> Nullable<BigInt>,
        removed_at -> Nullable<BigInt>,
    }
}
